package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.RejectionKind;
import dev.athanor.runtime.protocol.RemoteThrowable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a call in a sandbox ended. */
public sealed interface CallResult {

    /**
     * Tells how many lines the function printed faster than they may be sent.
     *
     * @return the count, 0 where it did not come to its end
     */
    default long droppedLogLines() {
        return 0;
    }

    /**
     * The function returned. The array is not copied.
     *
     * @param codec how to read the bytes
     * @param bytes what it returned
     * @param runNanos how long the function itself ran, in nanoseconds
     * @param droppedLogLines lines that it printed faster than they may be sent
     */
    @SuppressWarnings("ArrayRecordComponent") // Results are large, and never compared.
    record Succeeded(byte codec, byte[] bytes, long runNanos, long droppedLogLines)
            implements CallResult {}

    /**
     * The function threw. The array is not copied.
     *
     * @param throwables what it threw first, then causes and suppressed ones, referred to by index
     * @param types names of the class of what it threw and of its superclasses, nearest first
     * @param original the serialized throwable; null where it is too large or cannot be serialized
     * @param runNanos how long the function itself ran, in nanoseconds
     * @param droppedLogLines lines that it printed faster than they may be sent
     * @param outOfMemory true: memory had run out, and the sandbox has ended
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Threw(
            List<RemoteThrowable> throwables,
            List<String> types,
            byte @Nullable [] original,
            long runNanos,
            long droppedLogLines,
            boolean outOfMemory)
            implements CallResult {}

    /**
     * The function could not be called, or its result not be sent.
     *
     * @param kind why, for programs
     * @param message why, for people
     */
    record Rejected(RejectionKind kind, String message) implements CallResult {}

    /**
     * The call never started, and never will: it was withdrawn, or its sandbox ended before its
     * turn. It can be made again elsewhere.
     *
     * @param message why, for people
     */
    record NotStarted(String message) implements CallResult {}

    /**
     * The sandbox ended before the call did.
     *
     * @param exit how
     * @param message how, for people
     */
    record Died(ExitStatus exit, String message) implements CallResult {}
}
