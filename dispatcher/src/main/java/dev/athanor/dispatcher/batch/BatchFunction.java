package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.batch.BatchRefusedException.Reason;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.UndecodableException;

/** What all members of a batch are calls of, for people and queues. */
record BatchFunction(String name, String machineType) {
    /** With the largest arguments it still has to be a record that Kafka takes. */
    private static final int LARGEST = 512 << 10;

    /**
     * That of a template.
     *
     * @throws BatchRefusedException when members cannot be made of it
     */
    static BatchFunction of(Invocation template) {
        if (!template.getJob() || template.getReplyPartition() >= 0) {
            throw new BatchRefusedException(
                    Reason.INVALID, "it is a call that somebody waits for, and no job");
        }
        int size = template.getFunction().remaining();
        if (size > LARGEST) {
            throw new BatchRefusedException(
                    Reason.TOO_LARGE,
                    "its function has %,d bytes without its code, and may have %,d"
                            .formatted(size, LARGEST));
        }
        try {
            FunctionSpec function =
                    Codec.current().decode(template.getFunction(), FunctionSpec.class);
            return new BatchFunction(function.getName(), function.getMachineType());
        } catch (UndecodableException e) {
            throw new BatchRefusedException(
                    Reason.INVALID, "its function cannot be read: " + e.getMessage());
        }
    }
}
