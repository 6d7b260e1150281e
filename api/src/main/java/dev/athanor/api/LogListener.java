package dev.athanor.api;

/**
 * Gets the lines of calls while these are served.
 *
 * <p>Lines of one call come one after the other, in order, and before its result; those of
 * different calls come at the same time, on threads of the client. A listener may block: it delays
 * its own call only, whose further lines are counted and dropped once 10,000 wait.
 */
@FunctionalInterface
public interface LogListener {
    void line(LogLine line);

    /**
     * Prints what functions print, to {@code System.out} and {@code System.err} likewise, and
     * everything else to {@code System.err} with its source in front. This is the default.
     */
    static LogListener console() {
        return ConsoleLog.INSTANCE;
    }

    /** Wants no lines: none are sent. */
    static LogListener none() {
        return SilentLog.INSTANCE;
    }
}
