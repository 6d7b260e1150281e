package dev.athanor.api.internal.payload;

import dev.athanor.api.RemoteException;
import dev.athanor.schemas.StackFrame;
import dev.athanor.schemas.ThrowableData;
import java.util.ArrayList;
import java.util.List;

/** Makes throwables out of their data, whatever their depth and cycles. */
public final class RemoteThrowables {
    private RemoteThrowables() {}

    /** Stands in for the first of the throwables, with its causes and suppressed ones. */
    public static RemoteException standIn(List<ThrowableData> throwables) {
        if (throwables.isEmpty()) {
            return new RemoteException("an exception that was not described", null);
        }
        List<RemoteException> made = new ArrayList<>();
        for (ThrowableData data : throwables) {
            RemoteException exception = new RemoteException(data.getClassName(), data.getMessage());
            exception.setStackTrace(frames(data));
            made.add(exception);
        }
        for (int i = 0; i < made.size(); i++) {
            link(i, throwables.get(i), made);
        }
        return made.get(0);
    }

    private static void link(int index, ThrowableData data, List<RemoteException> made) {
        RemoteException exception = made.get(index);
        if (isOther(data.getCause(), index, made)) {
            exception.initCause(made.get(data.getCause()));
        }
        for (int suppressed : data.getSuppressed()) {
            if (isOther(suppressed, index, made)) {
                exception.addSuppressed(made.get(suppressed));
            }
        }
    }

    private static boolean isOther(int candidate, int index, List<RemoteException> made) {
        return candidate >= 0 && candidate < made.size() && candidate != index;
    }

    /**
     * Gives a rebuilt throwable and its causes the stack traces of their data, as far as both
     * agree.
     */
    public static void trace(Throwable rebuilt, List<ThrowableData> throwables) {
        Throwable next = rebuilt;
        int index = 0;
        for (int steps = 0; steps < throwables.size() && next != null; steps++) {
            if (index < 0
                    || index >= throwables.size()
                    || !next.getClass().getName().equals(throwables.get(index).getClassName())) {
                return;
            }
            next.setStackTrace(frames(throwables.get(index)));
            next = next.getCause();
            index = throwables.get(index).getCause();
        }
    }

    private static StackTraceElement[] frames(ThrowableData data) {
        return data.getFrames().stream()
                .map(RemoteThrowables::frame)
                .toArray(StackTraceElement[]::new);
    }

    private static StackTraceElement frame(StackFrame frame) {
        String file = frame.getFileName().isEmpty() ? null : frame.getFileName();
        return new StackTraceElement(
                frame.getClassName(), frame.getMethodName(), file, frame.getLineNumber());
    }
}
