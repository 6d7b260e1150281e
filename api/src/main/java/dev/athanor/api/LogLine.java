package dev.athanor.api;

import java.time.Instant;

/**
 * A line that came up while a call was served.
 *
 * @param source who wrote it
 * @param stream where it was written to
 * @param at when, by the agent's clock
 * @param text without its line end
 */
public record LogLine(Source source, Stream stream, Instant at, String text) {
    /** Who wrote a line. */
    public enum Source {
        /** The build of the environment. */
        BUILD,
        /** The function itself. */
        FUNCTION,
        /** Athanor, about the call. */
        AGENT
    }

    /** Where a line was written to. */
    public enum Stream {
        STDOUT,
        STDERR
    }
}
