package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/**
 * Stands in for an exception of a function whose class the caller lacks or does not accept. Prints
 * like the original: class name, message, stack trace, causes and suppressed exceptions are those
 * of the remote one.
 */
public final class RemoteException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String className;

    public RemoteException(String className, @Nullable String message) {
        super(message);
        this.className = className;
    }

    /** Name of the class that this stands in for. */
    public String className() {
        return className;
    }

    /** As the original prints: its message stays the message alone. */
    @Override
    @SuppressWarnings("OverrideThrowableToString")
    public String toString() {
        String message = getMessage();
        return message == null ? className : className + ": " + message;
    }
}
