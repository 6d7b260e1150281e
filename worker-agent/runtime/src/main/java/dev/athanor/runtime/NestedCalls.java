package dev.athanor.runtime;

import dev.athanor.runtime.protocol.AgentLink;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.FrameWriter;
import dev.athanor.runtime.protocol.NestedCallFrame;
import dev.athanor.runtime.protocol.NestedCancelFrame;
import dev.athanor.runtime.protocol.NestedFailedFrame;
import dev.athanor.runtime.protocol.NestedFunction;
import dev.athanor.runtime.protocol.NestedOutcome;
import dev.athanor.runtime.protocol.NestedReply;
import dev.athanor.runtime.protocol.Protocol;
import dev.athanor.runtime.protocol.SandboxFrame;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls that the running call has under way. User code starts them from any thread; what that
 * sends is written by a thread of ours, since an interrupt of theirs would close the socket.
 */
final class NestedCalls implements AgentLink {

    private static final long NONE = Long.MIN_VALUE;

    /** A call under way. */
    private static final class Entry {
        final Consumer<NestedReply> replies;
        final int bytes;

        Entry(Consumer<NestedReply> replies, int bytes) {
            this.replies = replies;
            this.bytes = bytes;
        }
    }

    /** Tells its sandbox that a call is given up. A class, as others here, for a quick start. */
    private final class GivingUp implements Runnable {
        private final long callId;
        private final long nestedId;

        GivingUp(long callId, long nestedId) {
            this.callId = callId;
            this.nestedId = nestedId;
        }

        @Override
        public void run() {
            giveUp(callId, nestedId);
        }
    }

    private final FrameWriter writer;

    /** Guards all that follows, and is what waits here wait for. */
    private final Object lock = new Object();

    private final Map<Long, Entry> underWay = new HashMap<>();
    private final Queue<SandboxFrame> unsent = new ArrayDeque<>();
    private long running = NONE;
    private long payloadLimit;
    private long bytes;
    private long lastId;
    private @Nullable NestedSender sender;

    NestedCalls(FrameWriter writer) {
        this.writer = writer;
    }

    /** From now on calls are made on behalf of that one. */
    void begin(long callId, long maxPayloadBytes) {
        synchronized (lock) {
            running = callId;
            payloadLimit = maxPayloadBytes;
        }
    }

    /** Gives up what is under way: the agent does so as well, by the answer of the call. */
    void end() {
        Map<Long, Entry> left;
        synchronized (lock) {
            running = NONE;
            if (underWay.isEmpty()) {
                return;
            }
            left = new HashMap<>(underWay);
            underWay.clear();
            unsent.clear();
            bytes = 0;
            lock.notifyAll();
        }
        left.forEach((id, entry) ->
                entry.replies.accept(
                        NestedFailedFrame.of(
                                id,
                                NestedOutcome.unknown(""),
                                FailureKind.CANCELLED,
                                "was cancelled: the call that made it has ended")));
    }

    @Override
    public long payloadLimit() {
        synchronized (lock) {
            return payloadLimit;
        }
    }

    @Override
    public Runnable call(NestedFunction function, byte[] arguments, Consumer<NestedReply> replies)
            throws InterruptedException {
        synchronized (lock) {
            long callId = running;
            while (callId == running && isFull(arguments.length)) {
                lock.wait();
            }
            if (callId == NONE || callId != running) {
                throw new IllegalStateException("no call runs here any more");
            }
            long nestedId = ++lastId;
            underWay.put(nestedId, new Entry(replies, arguments.length));
            bytes += arguments.length;
            send(new NestedCallFrame(callId, nestedId, function, arguments));
            return new GivingUp(callId, nestedId);
        }
    }

    /** A call that is alone always has room. */
    private boolean isFull(int length) {
        return underWay.size() >= Protocol.MAX_NESTED_CALLS
                || (!underWay.isEmpty() && length > payloadLimit - bytes);
    }

    private void giveUp(long callId, long nestedId) {
        synchronized (lock) {
            if (underWay.containsKey(nestedId)) {
                send(new NestedCancelFrame(callId, nestedId));
            }
        }
    }

    private void send(SandboxFrame frame) {
        if (sender == null) {
            sender = new NestedSender(this);
            sender.start();
        }
        unsent.add(frame);
        lock.notifyAll();
    }

    /** Called by the reading thread, which no reply may hold up. */
    void reply(NestedReply reply) {
        Entry entry;
        synchronized (lock) {
            entry =
                    reply.isEnd()
                            ? underWay.remove(reply.nestedId())
                            : underWay.get(reply.nestedId());
            if (entry != null && reply.isEnd()) {
                bytes -= entry.bytes;
                lock.notifyAll();
            }
        }
        if (entry != null) {
            entry.replies.accept(reply);
        }
    }

    /** Called by our thread, for as long as the process lives. */
    void sendLoop() throws IOException {
        while (true) {
            for (SandboxFrame frame : takeUnsent()) {
                writer.write(frame);
            }
        }
    }

    private List<SandboxFrame> takeUnsent() {
        synchronized (lock) {
            while (unsent.isEmpty()) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    // Its interrupt method does nothing, so there is none.
                    throw new IllegalStateException(e);
                }
            }
            List<SandboxFrame> frames = new ArrayList<>(unsent);
            unsent.clear();
            return frames;
        }
    }
}
