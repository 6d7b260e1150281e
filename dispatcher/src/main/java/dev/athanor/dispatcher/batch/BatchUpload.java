package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.batch.BatchRefusedException.Reason;
import dev.athanor.dispatcher.database.DatabaseException;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.blob.Blobs;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the inputs of a batch as they come, with 256 KiB and the largest of them in memory. Nothing
 * runs before {@link #finish}; closed without that, nothing remains. For one thread.
 */
public final class BatchUpload implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BatchUpload.class);
    private static final int MOST_MEMBERS = 1_000_000;
    private static final int ROW_BYTES = 256 << 10;
    private static final int ROW_MEMBERS = 1_000;

    private final UploadStore store;
    private final BatchKey key;
    private final BatchFunction function;
    private final UUID upload;
    private final InstantSource clock;
    private final ByteArrayOutputStream row = new ByteArrayOutputStream();
    private int total;
    private int inRow;
    private boolean finished;

    /**
     * Begins one.
     *
     * @param template of its members; its id is the batch's
     * @param upload names this try
     */
    BatchUpload(
            UploadStore store,
            BatchKey key,
            BatchFunction function,
            Invocation template,
            UUID upload,
            InstantSource clock) {
        this.store = store;
        this.key = key;
        this.function = function;
        this.upload = upload;
        this.clock = clock;
        store.template(key, upload, 0, Codec.current().encode(template));
    }

    /**
     * What members are calls of from here on: the same function, with more of its code, say.
     *
     * @throws BatchRefusedException when it is another function, or no job
     */
    public void template(Invocation template) {
        if (!BatchFunction.of(template).equals(function)) {
            throw new BatchRefusedException(
                    Reason.INVALID, "a batch is of one function on one machine type");
        }
        store.template(key, upload, total, Codec.current().encode(template));
    }

    /**
     * Takes the arguments of the next member.
     *
     * @throws BatchRefusedException when they are too large or there are too many
     * @throws DatabaseException when the database does not take them
     */
    public void add(Payload arguments) {
        if (total == MOST_MEMBERS) {
            throw new BatchRefusedException(
                    Reason.TOO_LARGE, "a batch has at most %,d inputs".formatted(MOST_MEMBERS));
        }
        if (arguments.getContent().remaining() > Blobs.INLINE_LIMIT) {
            throw new BatchRefusedException(
                    Reason.TOO_LARGE,
                    "input %,d has %,d bytes; what has more than %,d is sent as a blob"
                            .formatted(
                                    total, arguments.getContent().remaining(), Blobs.INLINE_LIMIT));
        }
        byte[] encoded = Codec.current().encode(arguments);
        row.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(encoded.length).array());
        row.writeBytes(encoded);
        total++;
        inRow++;
        if (row.size() >= ROW_BYTES || inRow == ROW_MEMBERS) {
            write();
        }
    }

    private void write() {
        if (inRow > 0) {
            store.inputs(key, upload, total - inRow, inRow, row.toByteArray());
            row.reset();
            inRow = 0;
        }
    }

    /**
     * Nothing more comes: the batch begins.
     *
     * @return how many members it has
     */
    public int finish() {
        write();
        store.finish(key, upload, total, total == 0 ? clock.millis() : 0);
        finished = true;
        return total;
    }

    @Override
    public void close() {
        if (finished) {
            return;
        }
        try {
            store.abandon(key, upload);
        } catch (DatabaseException | BatchRefusedException e) {
            LOG.debug("what came of batch={} is left to be swept up: {}", key.id(), e.toString());
        }
    }
}
