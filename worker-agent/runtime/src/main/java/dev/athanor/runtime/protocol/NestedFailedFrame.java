package dev.athanor.runtime.protocol;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says that a nested call did not succeed. The array is not copied.
 *
 * @param nestedId of the NESTED_CALL
 * @param outcome how it went
 * @param kind why, for programs
 * @param message why, for people
 * @param largerMachineType the next larger machine type, where memory was short; empty: none
 * @param throwables what the function threw first, then causes and suppressed ones, referred to by
 *     index; empty: it threw nothing
 * @param original the serialized throwable; null: there is none, or it cannot be serialized
 */
@SuppressWarnings("ArrayRecordComponent") // Frames are short-lived and never compared.
public record NestedFailedFrame(
        long nestedId,
        NestedOutcome outcome,
        FailureKind kind,
        String message,
        String largerMachineType,
        List<RemoteThrowable> throwables,
        byte @Nullable [] original)
        implements NestedReply {

    static final byte TYPE = 23;

    /** Copies the list. */
    public NestedFailedFrame {
        throwables = List.copyOf(throwables);
    }

    /**
     * Of a call in which no function threw.
     *
     * @param nestedId of the NESTED_CALL
     * @param outcome how it went
     * @param kind why, for programs
     * @param message why, for people
     * @return the frame
     */
    public static NestedFailedFrame of(
            long nestedId, NestedOutcome outcome, FailureKind kind, String message) {
        return new NestedFailedFrame(nestedId, outcome, kind, message, "", List.of(), null);
    }

    /**
     * Returns a frame that says more.
     *
     * @param larger the next larger machine type; empty: none
     * @param thrown what the function threw first, then causes and suppressed ones
     * @param serialized the serialized throwable; null: there is none
     * @return the frame
     */
    public NestedFailedFrame with(
            String larger, List<RemoteThrowable> thrown, byte @Nullable [] serialized) {
        return new NestedFailedFrame(nestedId, outcome, kind, message, larger, thrown, serialized);
    }

    static NestedFailedFrame read(FrameInput in) throws IOException {
        long nestedId = in.readLong();
        NestedOutcome outcome = NestedOutcome.read(in);
        FailureKind kind = FailureKind.named(in.readString());
        String message = in.readString();
        String largerMachineType = in.readString();
        List<RemoteThrowable> throwables = in.readList(RemoteThrowable::read);
        for (RemoteThrowable throwable : throwables) {
            throwable.checkIndexes(throwables.size());
        }
        byte[] original = in.readBoolean() ? in.readBytes() : null;
        return new NestedFailedFrame(
                nestedId, outcome, kind, message, largerMachineType, throwables, original);
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(nestedId);
        outcome.write(out);
        out.putString(kind.name());
        out.putString(message);
        out.putString(largerMachineType);
        out.putInt(throwables.size());
        for (RemoteThrowable throwable : throwables) {
            throwable.write(out);
        }
        out.putBoolean(original != null);
        if (original != null) {
            out.putInt(original.length);
        }
    }

    @Override
    public byte[] tail() {
        return original == null ? FrameOutput.NOTHING : original;
    }
}
