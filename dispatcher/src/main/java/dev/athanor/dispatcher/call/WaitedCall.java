package dev.athanor.dispatcher.call;

import dev.athanor.schemas.LogLine;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.StreamItem;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A call that somebody waits for. What comes for it is kept until it is taken; of what a function
 * prints and yields no more than there is room for. Events may come from any thread; one thread
 * takes them and closes this.
 */
public final class WaitedCall implements AutoCloseable {
    /** What an event takes beside what is in it, by far not exact. */
    private static final long OVERHEAD_BYTES = 200;

    private final Id id;
    private final Calls calls;
    private final WaitingRoom room;
    private final BlockingQueue<Waiting> events = new LinkedBlockingQueue<>();

    // Guarded by this, as is what follows.
    private long droppedLines;
    private boolean hasEnded;
    private boolean isClosed;

    /** Names a call: ids are callers' to choose, so another tenant may have the same. */
    record Id(String tenant, String correlationId) {}

    /** An event, and the room that it takes. */
    private record Waiting(CallEvent event, long bytes) {}

    /**
     * @param room for lines and values that wait
     */
    WaitedCall(Id id, Calls calls, WaitingRoom room) {
        this.id = id;
        this.calls = calls;
        this.room = room;
    }

    Id id() {
        return id;
    }

    /** Lines that there is no room for are dropped. */
    synchronized void lines(LogLines lines) {
        long bytes = OVERHEAD_BYTES;
        for (LogLine line : lines.getLines()) {
            bytes += OVERHEAD_BYTES + 2L * line.getText().length();
        }
        if (!hasEnded && !enter(new CallEvent.Lines(lines), bytes)) {
            droppedLines += lines.getLines().size();
        }
    }

    /** Without a value that there is no room for all others are worth nothing. */
    synchronized void value(StreamItem item) {
        long bytes = OVERHEAD_BYTES + item.getValue().getContent().remaining();
        if (!hasEnded && !enter(new CallEvent.Value(item), bytes)) {
            lost("its values were not read, and there is no more room for them");
        }
    }

    private boolean enter(CallEvent event, long bytes) {
        if (isClosed || !room.enter(bytes)) {
            return false;
        }
        events.add(new Waiting(event, bytes));
        return true;
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
            events.add(new Waiting(event, 0));
        }
    }

    /**
     * What comes next.
     *
     * @param patience how long to wait for it; zero: not at all
     * @return empty when nothing came in that time
     */
    public Optional<CallEvent> next(Duration patience) throws InterruptedException {
        Waiting next = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (next == null) {
            return Optional.empty();
        }
        room.leave(next.bytes());
        return Optional.of(next.event());
    }

    /** Waits for it no longer: one that has not ended is cancelled. */
    @Override
    public void close() {
        boolean wasEnded;
        synchronized (this) {
            isClosed = true;
            wasEnded = hasEnded;
        }
        for (Waiting left = events.poll(); left != null; left = events.poll()) {
            room.leave(left.bytes());
        }
        calls.leave(this, wasEnded);
    }
}
