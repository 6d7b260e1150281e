package dev.athanor.runtime.protocol;

import java.io.IOException;
import java.util.List;

/**
 * How a nested call went. Times are in microseconds.
 *
 * @param correlationId names the call
 * @param attempts how often its function was called
 * @param agent that ended it; empty: none did
 * @param hot whether its sandbox had served before
 * @param queueMicros how long it waited for room
 * @param buildMicros how long its environment took
 * @param startMicros how long its sandbox took to start
 * @param runMicros how long its function ran
 * @param droppedLogLines lines that it printed and that did not come
 * @param escalatedFrom machine types that it ran out of memory on before, oldest first
 */
public record NestedOutcome(
        String correlationId,
        int attempts,
        String agent,
        boolean hot,
        long queueMicros,
        long buildMicros,
        long startMicros,
        long runMicros,
        long droppedLogLines,
        List<String> escalatedFrom) {

    /** Copies the list. */
    public NestedOutcome {
        escalatedFrom = List.copyOf(escalatedFrom);
    }

    /**
     * Of a call of which nothing more is known.
     *
     * @param correlationId names the call
     * @return the outcome
     */
    public static NestedOutcome unknown(String correlationId) {
        return new NestedOutcome(correlationId, 0, "", false, 0, 0, 0, 0, 0, List.of());
    }

    static NestedOutcome read(FrameInput in) throws IOException {
        return new NestedOutcome(
                in.readString(),
                in.readInt(),
                in.readString(),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readList(FrameInput::readString));
    }

    void write(FrameOutput out) {
        out.putString(correlationId);
        out.putInt(attempts);
        out.putString(agent);
        out.putBoolean(hot);
        out.putLong(queueMicros);
        out.putLong(buildMicros);
        out.putLong(startMicros);
        out.putLong(runMicros);
        out.putLong(droppedLogLines);
        out.putStrings(escalatedFrom);
    }
}
