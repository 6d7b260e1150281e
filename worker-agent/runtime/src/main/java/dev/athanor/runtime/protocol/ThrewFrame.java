package dev.athanor.runtime.protocol;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says that a function threw. The array is not copied.
 *
 * @param callId of the INVOKE
 * @param runNanos how long the function itself ran, in nanoseconds
 * @param droppedLogLines lines that the function printed beyond its quota
 * @param throwables what it threw first, then causes and suppressed ones, referred to by index
 * @param types names of the class of what it threw and of its superclasses, nearest first
 * @param original the serialized throwable; null where it is too large or cannot be serialized
 */
@SuppressWarnings("ArrayRecordComponent") // Frames are short-lived and never compared.
public record ThrewFrame(
        long callId,
        long runNanos,
        long droppedLogLines,
        List<RemoteThrowable> throwables,
        List<String> types,
        byte @Nullable [] original)
        implements SandboxFrame {

    static final byte TYPE = 5;

    /** As each language calls it. */
    private static final Set<String> OUT_OF_MEMORY =
            Set.of(OutOfMemoryError.class.getName(), "MemoryError");

    /** Copies the lists. */
    public ThrewFrame {
        throwables = List.copyOf(throwables);
        types = List.copyOf(types);
    }

    /**
     * Returns a frame that differs in its count of dropped lines.
     *
     * @param lines the count
     * @return the frame
     */
    public ThrewFrame withDropped(long lines) {
        return new ThrewFrame(callId, runNanos, lines, throwables, types, original);
    }

    /**
     * Tells whether memory had run out, in this thread or in one whose failure is a cause here.
     *
     * @return true if so: the sandbox exits after this frame
     */
    public boolean isOutOfMemory() {
        for (RemoteThrowable throwable : throwables) {
            if (OUT_OF_MEMORY.contains(throwable.className())) {
                return true;
            }
        }
        return false;
    }

    static ThrewFrame read(FrameInput in) throws IOException {
        long callId = in.readLong();
        long runNanos = in.readLong();
        long dropped = in.readLong();
        List<RemoteThrowable> throwables = in.readList(RemoteThrowable::read);
        for (RemoteThrowable throwable : throwables) {
            throwable.checkIndexes(throwables.size());
        }
        List<String> types = in.readList(FrameInput::readString);
        byte[] original = in.readBoolean() ? in.readBytes() : null;
        return new ThrewFrame(callId, runNanos, dropped, throwables, types, original);
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(callId);
        out.putLong(runNanos);
        out.putLong(droppedLogLines);
        out.putInt(throwables.size());
        for (RemoteThrowable throwable : throwables) {
            throwable.write(out);
        }
        out.putInt(types.size());
        for (String type : types) {
            out.putString(type);
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
