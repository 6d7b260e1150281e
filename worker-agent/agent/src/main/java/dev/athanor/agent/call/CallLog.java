package dev.athanor.agent.call;

import dev.athanor.agent.kafka.Publisher;
import dev.athanor.environment.build.BuildLog;
import dev.athanor.environment.sandbox.LogSink;
import dev.athanor.schemas.LogLine;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.LogSource;
import dev.athanor.schemas.LogStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends the lines of one call to its caller while it runs, a few at a time. What the broker does
 * not take fast enough is dropped and counted rather than kept. Safe for any number of threads.
 */
final class CallLog implements LogSink {
    /** Lines of one record, by count and by characters, so that it stays far below 1 MiB. */
    private static final int MAX_LINES = 500;

    private static final int MAX_CHARACTERS = 128 * 1024;

    /** A longer line is cut. */
    private static final int MAX_LINE = 32 * 1024;

    /** Records that may be on their way to the broker at a time. */
    private static final int MAX_IN_FLIGHT = 16;

    private static final long FLUSH_MILLIS = 10;

    private final Delivery delivery;
    private final Publisher publisher;
    private final ScheduledExecutorService flusher;
    private final InstantSource clock;
    private List<LogLine> buffer = new ArrayList<>();
    private int characters;
    private long nextIndex;
    private int inFlight;
    private long dropped;
    private boolean scheduled;

    CallLog(
            Delivery delivery,
            Publisher publisher,
            ScheduledExecutorService flusher,
            InstantSource clock) {
        this.delivery = delivery;
        this.publisher = publisher;
        this.flusher = flusher;
        this.clock = clock;
    }

    /** Takes the lines of a build. */
    BuildLog ofBuild() {
        return text -> add(LogSource.BUILD, LogStream.STDOUT, text);
    }

    @Override
    public void line(dev.athanor.runtime.protocol.LogStream stream, String text) {
        LogStream named =
                switch (stream) {
                    case STDOUT -> LogStream.STDOUT;
                    case STDERR -> LogStream.STDERR;
                };
        add(LogSource.FUNCTION, named, text);
    }

    private synchronized void add(LogSource source, LogStream stream, String text) {
        if (!delivery.invocation().getWantsLogs()) {
            return;
        }
        String cut = text.length() <= MAX_LINE ? text : text.substring(0, MAX_LINE) + "…";
        buffer.add(new LogLine(source, stream, clock.millis(), cut));
        characters += cut.length();
        if (buffer.size() >= MAX_LINES || characters >= MAX_CHARACTERS) {
            flush();
        } else if (!scheduled) {
            scheduled = true;
            ScheduledFuture<?> _ =
                    flusher.schedule(this::flush, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Sends what has come so far. */
    synchronized void flush() {
        scheduled = false;
        if (buffer.isEmpty()) {
            return;
        }
        List<LogLine> lines = buffer;
        buffer = new ArrayList<>();
        characters = 0;
        if (inFlight >= MAX_IN_FLIGHT) {
            dropped += lines.size();
        } else {
            inFlight++;
            CompletableFuture<?> _ =
                    publisher
                            .logs(
                                    delivery,
                                    new LogLines(
                                            delivery.correlationId(),
                                            delivery.envelope().getAttempt(),
                                            nextIndex,
                                            lines))
                            .whenComplete((durable, error) -> sent());
        }
        nextIndex += lines.size();
    }

    private synchronized void sent() {
        inFlight--;
    }

    /** How many there were, with those that were dropped. */
    synchronized long lines() {
        return nextIndex + buffer.size();
    }

    synchronized long dropped() {
        return dropped;
    }
}
