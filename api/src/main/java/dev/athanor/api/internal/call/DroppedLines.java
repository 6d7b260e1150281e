package dev.athanor.api.internal.call;

import dev.athanor.api.LogLine;
import dev.athanor.api.LogLine.Source;
import dev.athanor.api.LogLine.Stream;
import dev.athanor.api.LogListener;
import java.time.Instant;

/** Tells callers how many lines of a function did not come. */
public final class DroppedLines {
    private DroppedLines() {}

    /** Says so where there are some. */
    public static void tell(long count, LogListener listener, Instant now) {
        if (count > 0) {
            listener.line(
                    new LogLine(
                            Source.AGENT,
                            Stream.STDERR,
                            now,
                            "%,d lines were dropped: more came than could be delivered"
                                    .formatted(count)));
        }
    }
}
