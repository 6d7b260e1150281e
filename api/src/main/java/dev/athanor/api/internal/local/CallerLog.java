package dev.athanor.api.internal.local;

import dev.athanor.api.LogLine;
import dev.athanor.api.LogLine.Source;
import dev.athanor.api.LogLine.Stream;
import dev.athanor.api.LogListener;
import dev.athanor.api.internal.call.DroppedLines;
import dev.athanor.api.internal.call.EscalationLine;
import dev.athanor.api.internal.call.Handover;
import dev.athanor.runtime.protocol.LogSource;
import dev.athanor.runtime.protocol.LogStream;
import java.time.InstantSource;
import java.util.List;

/** Gives the lines of one call to its listener. Never waits for it. */
final class CallerLog implements LocalLog {
    private final LogListener listener;
    private final Handover<?> handover;
    private final InstantSource clock;

    CallerLog(LogListener listener, Handover<?> handover, InstantSource clock) {
        this.listener = listener;
        this.handover = handover;
        this.clock = clock;
    }

    @Override
    public void line(LogSource source, LogStream stream, String text) {
        LogLine line =
                new LogLine(
                        source == LogSource.BUILD ? Source.BUILD : Source.FUNCTION,
                        stream == LogStream.STDERR ? Stream.STDERR : Stream.STDOUT,
                        clock.instant(),
                        text);
        handover.lines(1, () -> listener.line(line));
    }

    /** Says where the call ran out of memory before, if anywhere. */
    void escalated(List<String> machineTypes) {
        handover.then(() -> EscalationLine.tell(machineTypes, listener, clock.instant()));
    }

    /** Says how many lines did not come: those that the sandbox dropped, and those from here. */
    void end(long droppedBefore) {
        handover.then(() ->
                DroppedLines.tell(
                        droppedBefore + handover.droppedLines(), listener, clock.instant()));
    }
}
