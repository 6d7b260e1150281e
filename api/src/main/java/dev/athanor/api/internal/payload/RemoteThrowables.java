package dev.athanor.api.internal.payload;

import dev.athanor.api.RemoteException;
import dev.athanor.runtime.protocol.RemoteThrowable;
import java.util.ArrayList;
import java.util.List;

/** Makes throwables out of their data, whatever their depth and cycles. */
public final class RemoteThrowables {
    private RemoteThrowables() {}

    /** Stands in for the first of the throwables, with its causes and suppressed ones. */
    public static RemoteException standIn(List<RemoteThrowable> throwables) {
        if (throwables.isEmpty()) {
            return new RemoteException("an exception that was not described", null);
        }
        List<RemoteException> made = new ArrayList<>();
        for (RemoteThrowable data : throwables) {
            RemoteException exception = new RemoteException(data.className(), data.message());
            exception.setStackTrace(frames(data));
            made.add(exception);
        }
        for (int i = 0; i < made.size(); i++) {
            link(i, throwables.get(i), made);
        }
        return made.get(0);
    }

    private static void link(int index, RemoteThrowable data, List<RemoteException> made) {
        RemoteException exception = made.get(index);
        if (isOther(data.cause(), index, made)) {
            exception.initCause(made.get(data.cause()));
        }
        for (int suppressed : data.suppressed()) {
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
    public static void trace(Throwable rebuilt, List<RemoteThrowable> throwables) {
        Throwable next = rebuilt;
        int index = 0;
        for (int steps = 0; steps < throwables.size() && next != null; steps++) {
            if (index < 0
                    || index >= throwables.size()
                    || !next.getClass().getName().equals(throwables.get(index).className())) {
                return;
            }
            next.setStackTrace(frames(throwables.get(index)));
            next = next.getCause();
            index = throwables.get(index).cause();
        }
    }

    private static StackTraceElement[] frames(RemoteThrowable data) {
        return data.frames().toArray(StackTraceElement[]::new);
    }
}
