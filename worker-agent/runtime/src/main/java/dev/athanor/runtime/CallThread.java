package dev.athanor.runtime;

import dev.athanor.runtime.protocol.FrameWriter;
import dev.athanor.runtime.protocol.InvokeFrame;
import dev.athanor.runtime.protocol.Protocol;
import dev.athanor.runtime.protocol.ResultFrame;
import dev.athanor.runtime.protocol.SandboxFrame;
import dev.athanor.runtime.protocol.ThrewFrame;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread on which user code is called. Interrupts reach it only while it is in user code:
 * while it writes to the socket, an interrupt would close that.
 */
@SuppressWarnings("Interruption") // This is the thread whose interruption is the point.
final class CallThread extends Thread {

    private static final long NONE = Long.MIN_VALUE;

    private final CallRunner runner;
    private final CallOutput output;
    private final NestedCalls nested;
    private final FrameWriter writer;

    // Guarded by interrupts, as is what follows.
    private final Object interrupts = new Object();
    private final Deque<InvokeFrame> waiting = new ArrayDeque<>();
    private boolean inUserCode;
    private long running = NONE;
    private long cancelled = NONE;

    CallThread(ClassLoader userLoader, CallOutput output, NestedCalls nested, FrameWriter writer) {
        super("athanor-call");
        this.runner = new CallRunner(userLoader);
        this.output = output;
        this.nested = nested;
        this.writer = writer;
        setContextClassLoader(userLoader);
        setDaemon(true);
    }

    /** Called by the reading thread. Calls run one after the other, in the order of submission. */
    void submit(InvokeFrame call) {
        synchronized (interrupts) {
            if (waiting.size() >= Protocol.MAX_WAITING_CALLS) {
                throw new IllegalStateException(waiting.size() + " calls wait already");
            }
            waiting.add(call);
        }
        LockSupport.unpark(this);
    }

    /** Called by the reading thread. Returns the calls that will not run now, in their order. */
    List<Long> withdraw() {
        synchronized (interrupts) {
            List<Long> withdrawn = waiting.stream().map(InvokeFrame::callId).toList();
            waiting.clear();
            return withdrawn;
        }
    }

    /**
     * Called by the reading thread. Interrupts the call if it runs.
     *
     * @return true: it was waiting, and will not run
     */
    boolean cancel(long callId) {
        synchronized (interrupts) {
            if (callId == running) {
                cancelled = callId;
                interrupt();
                return false;
            }
            return waiting.removeIf(call -> call.callId() == callId);
        }
    }

    @Override
    public void interrupt() {
        synchronized (interrupts) {
            if (inUserCode) {
                super.interrupt();
            }
        }
    }

    @Override
    public void run() {
        try {
            while (true) {
                answer(take());
            }
        } catch (IOException e) {
            // The agent is gone.
            Runtime.getRuntime().halt(0);
        } catch (Throwable e) {
            // Out of memory twice over: the answer itself did not fit.
            Runtime.getRuntime().halt(Protocol.EXIT_OUT_OF_MEMORY);
        }
    }

    private InvokeFrame take() {
        for (InvokeFrame call = poll(); ; call = poll()) {
            if (call != null) {
                return call;
            }
            LockSupport.park(this);
        }
    }

    private @Nullable InvokeFrame poll() {
        synchronized (interrupts) {
            InvokeFrame call = waiting.poll();
            if (call != null) {
                running = call.callId();
            }
            return call;
        }
    }

    private void answer(InvokeFrame call) throws IOException {
        output.begin(call.callId());
        // What dev.athanor.api.CallContext reads: user code sees nothing of ours but the JDK's.
        System.setProperty("athanor.call.correlation-id", call.correlationId());
        System.setProperty("athanor.call.attempt", Integer.toString(call.attempt()));
        nested.begin(call.callId(), call.maxResultBytes());
        enterUserCode();
        SandboxFrame answer;
        try {
            answer = runner.run(call);
        } finally {
            leaveUserCode();
            nested.end();
        }
        writer.write(withDropped(answer, output.end()));
        if (answer instanceof ThrewFrame threw && threw.isOutOfMemory()) {
            Runtime.getRuntime().halt(Protocol.EXIT_OUT_OF_MEMORY);
        }
    }

    private static SandboxFrame withDropped(SandboxFrame answer, long lines) {
        if (answer instanceof ResultFrame result) {
            return result.withDropped(lines);
        }
        return answer instanceof ThrewFrame threw ? threw.withDropped(lines) : answer;
    }

    private void enterUserCode() {
        synchronized (interrupts) {
            inUserCode = true;
            if (cancelled == running) {
                super.interrupt();
            }
        }
    }

    private void leaveUserCode() {
        synchronized (interrupts) {
            inUserCode = false;
            running = NONE;
            Thread.interrupted();
        }
    }
}
