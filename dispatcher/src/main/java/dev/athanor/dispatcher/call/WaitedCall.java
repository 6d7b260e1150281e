package dev.athanor.dispatcher.call;

import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.StreamItem;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A call that somebody waits for. What comes for it is kept until it is taken; of lines no more
 * than so many. Events may come from any thread; one thread takes them and closes this.
 */
public final class WaitedCall implements AutoCloseable {
    /** While this many lines wait for a slow reader, further ones are dropped. */
    private static final int MOST_WAITING_LINES = 10_000;

    private final Id id;
    private final Calls calls;
    private final BlockingQueue<CallEvent> events = new LinkedBlockingQueue<>();

    // All guarded by this.
    private int waitingLines;
    private long droppedLines;
    private boolean hasEnded;

    /** Names a call: ids are callers' to choose, so another tenant may have the same. */
    record Id(String tenant, String correlationId) {}

    WaitedCall(Id id, Calls calls) {
        this.id = id;
        this.calls = calls;
    }

    Id id() {
        return id;
    }

    synchronized void lines(LogLines lines) {
        int count = lines.getLines().size();
        if (hasEnded) {
            return;
        }
        if (waitingLines >= MOST_WAITING_LINES) {
            droppedLines += count;
            return;
        }
        waitingLines += count;
        events.add(new CallEvent.Lines(lines));
    }

    /** Of these no more come than the caller has asked for. */
    synchronized void value(StreamItem item) {
        if (!hasEnded) {
            events.add(new CallEvent.Value(item));
        }
    }

    synchronized void reply(Reply reply) {
        end(new CallEvent.Ended(reply, droppedLines));
    }

    synchronized void lost(String why) {
        end(new CallEvent.Lost(why));
    }

    /** The first end counts. */
    private void end(CallEvent event) {
        if (!hasEnded) {
            hasEnded = true;
            events.add(event);
        }
    }

    /**
     * What comes next.
     *
     * @param patience how long to wait for it; zero: not at all
     * @return empty when nothing came in that time
     */
    public Optional<CallEvent> next(Duration patience) throws InterruptedException {
        CallEvent event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (event instanceof CallEvent.Lines(LogLines lines)) {
            taken(lines.getLines().size());
        }
        return Optional.ofNullable(event);
    }

    private synchronized void taken(int lines) {
        waitingLines -= lines;
    }

    private synchronized boolean hasEnded() {
        return hasEnded;
    }

    /** Waits for it no longer: one that has not ended is cancelled. */
    @Override
    public void close() {
        calls.leave(this, hasEnded());
    }
}
