package dev.athanor.api.internal.cluster;

import dev.athanor.api.LogLine;
import dev.athanor.api.LogLine.Source;
import dev.athanor.api.LogLine.Stream;
import dev.athanor.api.LogListener;
import dev.athanor.api.internal.call.DroppedLines;
import dev.athanor.api.internal.call.EscalationLine;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.LogSource;
import dev.athanor.schemas.LogStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Gives the lines of one call to its listener: each once, in order, a later attempt's after an
 * earlier one's. Used by one thread at a time.
 */
final class LogDelivery {
    private final LogListener listener;
    private final InstantSource clock;
    private int attempt;
    private long nextIndex;

    LogDelivery(LogListener listener, InstantSource clock) {
        this.listener = listener;
        this.clock = clock;
    }

    void deliver(LogLines lines) {
        if (lines.getAttempt() < attempt) {
            return;
        }
        if (lines.getAttempt() > attempt) {
            attempt = lines.getAttempt();
            nextIndex = 0;
        }
        List<dev.athanor.schemas.LogLine> list = lines.getLines();
        long known = Math.max(0, nextIndex - lines.getFirstIndex());
        for (int i = (int) Math.min(known, list.size()); i < list.size(); i++) {
            listener.line(line(list.get(i)));
        }
        nextIndex = Math.max(nextIndex, lines.getFirstIndex() + list.size());
    }

    /** Says where the call ran out of memory before, if anywhere. */
    void escalated(List<String> machineTypes) {
        EscalationLine.tell(machineTypes, listener, clock.instant());
    }

    /** Says something about the call. */
    void notice(String text) {
        listener.line(new LogLine(Source.AGENT, Stream.STDERR, clock.instant(), text));
    }

    /** Says how many lines did not come, where some did not. */
    void end(long dropped) {
        DroppedLines.tell(dropped, listener, clock.instant());
    }

    private static LogLine line(dev.athanor.schemas.LogLine line) {
        return new LogLine(
                source(line.getSource()),
                line.getStream() == LogStream.STDERR ? Stream.STDERR : Stream.STDOUT,
                Instant.ofEpochMilli(line.getAt()),
                line.getText());
    }

    private static Source source(LogSource source) {
        return switch (source) {
            case BUILD -> Source.BUILD;
            case FUNCTION -> Source.FUNCTION;
            case AGENT, UNKNOWN -> Source.AGENT;
        };
    }
}
