package dev.athanor.runtime;

import org.jspecify.annotations.Nullable;

/** Words for throwables and values of user code, whose methods may throw anything themselves. */
final class Messages {

    private static final int MAX_CHARS = 32_768;

    private Messages() {}

    /** Returns the class and the message of a throwable. */
    static String describe(Throwable thrown) {
        String message = of(thrown);
        String name = thrown.getClass().getName();
        return message == null ? name : name + ": " + message;
    }

    /** Returns the message of a throwable, with a hint where a class is missing. */
    static @Nullable String of(Throwable thrown) {
        String message;
        try {
            message = thrown.getMessage();
        } catch (Throwable e) {
            return "(its getMessage threw " + e.getClass().getName() + ")";
        }
        if (message == null) {
            return null;
        }
        if (message.length() > MAX_CHARS) {
            message = message.substring(0, MAX_CHARS) + "… (" + message.length() + " characters)";
        }
        return isMissingClass(thrown, message)
                ? message
                        + " (not in the sandbox: add the requirement that contains it, or"
                        + " include(…) it)"
                : message;
    }

    /** Returns why a look-up failed: "no such method" may mean that a class of its is missing. */
    static Throwable linkageCause(Throwable thrown) {
        return thrown.getCause() instanceof LinkageError cause ? cause : thrown;
    }

    /** Returns "(of class …)" for a value. */
    static String ofClass(@Nullable Object value) {
        return value == null ? "(null)" : "(of class " + value.getClass().getName() + ")";
    }

    private static boolean isMissingClass(Throwable thrown, String message) {
        return thrown instanceof ClassNotFoundException
                || (thrown instanceof NoClassDefFoundError && message.indexOf(' ') < 0);
    }
}
