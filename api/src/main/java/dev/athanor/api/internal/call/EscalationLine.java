package dev.athanor.api.internal.call;

import dev.athanor.api.LogLine;
import dev.athanor.api.LogLine.Source;
import dev.athanor.api.LogLine.Stream;
import dev.athanor.api.LogListener;
import java.time.Instant;
import java.util.List;

/** Tells callers that a call needed a larger machine type. */
public final class EscalationLine {
    private EscalationLine() {}

    /** Says so where it ran out of memory on some before. */
    public static void tell(List<String> machineTypes, LogListener listener, Instant now) {
        if (!machineTypes.isEmpty()) {
            listener.line(
                    new LogLine(
                            Source.AGENT,
                            Stream.STDERR,
                            now,
                            "ran out of memory on %s and was run again on a larger machine type"
                                    .formatted(String.join(", then on ", machineTypes))));
        }
    }
}
