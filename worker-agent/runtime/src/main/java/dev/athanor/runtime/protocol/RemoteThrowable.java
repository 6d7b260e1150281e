package dev.athanor.runtime.protocol;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One throwable as data, in a flat list in which causes and suppressed ones are indexes: cycles and
 * long chains need no recursion.
 *
 * @param className binary name of its class
 * @param message its message; null: none
 * @param frames its stack trace, innermost first
 * @param cause index of the cause; -1: none
 * @param suppressed indexes of the suppressed ones
 */
public record RemoteThrowable(
        String className,
        @Nullable String message,
        List<StackTraceElement> frames,
        int cause,
        List<Integer> suppressed) {

    /** Copies the lists. */
    public RemoteThrowable {
        frames = List.copyOf(frames);
        suppressed = List.copyOf(suppressed);
    }

    static RemoteThrowable read(FrameInput in) throws IOException {
        return new RemoteThrowable(
                in.readString(),
                in.readBoolean() ? in.readString() : null,
                in.readList(RemoteThrowable::readFrame),
                in.readInt(),
                in.readList(FrameInput::readInt));
    }

    private static StackTraceElement readFrame(FrameInput in) throws IOException {
        String className = in.readString();
        String methodName = in.readString();
        String fileName = in.readString();
        return new StackTraceElement(
                className, methodName, fileName.isEmpty() ? null : fileName, in.readInt());
    }

    void write(FrameOutput out) {
        out.putString(className);
        out.putBoolean(message != null);
        if (message != null) {
            out.putString(message);
        }
        out.putInt(frames.size());
        for (StackTraceElement frame : frames) {
            out.putString(frame.getClassName());
            out.putString(frame.getMethodName());
            out.putString(frame.getFileName() == null ? "" : frame.getFileName());
            out.putInt(frame.getLineNumber());
        }
        out.putInt(cause);
        out.putInt(suppressed.size());
        for (int index : suppressed) {
            out.putInt(index);
        }
    }

    void checkIndexes(int count) throws MalformedFrameException {
        boolean inRange = cause >= -1 && cause < count;
        for (int index : suppressed) {
            inRange &= index >= 0 && index < count;
        }
        if (!inRange) {
            throw new MalformedFrameException(
                    "throwable " + className + " refers to one beyond the " + count + " sent");
        }
    }
}
