package dev.athanor.runtime;

import dev.athanor.runtime.protocol.FrameWriter;
import dev.athanor.runtime.protocol.LineQuota;
import dev.athanor.runtime.protocol.LogFrame;
import dev.athanor.runtime.protocol.LogStream;
import java.io.IOException;
import java.io.PrintStream;

/**
 * Sends what user code prints as LOG frames of the running call. Any thread may print; it is held
 * up while its buffer is full. A thread of ours empties the buffers as fast as the socket takes it,
 * so that lines arrive at once and, when there are many, in large frames. What is printed between
 * calls is dropped.
 */
final class CallOutput {

    private final FrameWriter writer;

    /** Held while lines are taken and written, so that those of a stream stay in order. */
    private final Object sending = new Object();

    /** Guards the buffers, and is what printing threads and ours wait for. */
    private final Object lock = new Object();

    private final LineBuffer[] buffers;
    private final PrintStream out;
    private final PrintStream err;
    private long callId;
    private boolean open;

    CallOutput(FrameWriter writer) {
        this.writer = writer;
        LineQuota quota = new LineQuota(new NanoTicker());
        LineBuffer stdout = new LineBuffer(LogStream.STDOUT, quota);
        LineBuffer stderr = new LineBuffer(LogStream.STDERR, quota);
        buffers = new LineBuffer[] {stdout, stderr};
        out = new LastingPrintStream(new CapturedStream(this, stdout));
        err = new LastingPrintStream(new CapturedStream(this, stderr));
    }

    /** Starts the thread that sends, and has lines printed before an exit sent as well. */
    void start() {
        new SendingThread(this).start();
        Runtime.getRuntime().addShutdownHook(new FlushAtExit(this));
    }

    /** Opens the buffers for a call. User code may have set streams of its own and left them. */
    void begin(long id) {
        System.setOut(out);
        System.setErr(err);
        synchronized (lock) {
            callId = id;
            open = true;
        }
    }

    /** Sends what is left, a last line without line end included; returns how many were dropped. */
    long end() throws IOException {
        out.flush();
        err.flush();
        synchronized (sending) {
            send(true);
            synchronized (lock) {
                open = false;
                long dropped = 0;
                for (LineBuffer buffer : buffers) {
                    dropped += buffer.clear();
                }
                lock.notifyAll();
                return dropped;
            }
        }
    }

    /** Called by printing threads. */
    void print(LineBuffer buffer, byte[] bytes, int offset, int length) {
        boolean interrupted = false;
        synchronized (lock) {
            int from = offset;
            int end = offset + length;
            while (from < end && open) {
                int taken = buffer.append(bytes, from, end - from);
                from += taken;
                if (buffer.hasLines()) {
                    lock.notifyAll();
                }
                if (taken == 0) {
                    interrupted |= !waitForChange();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called by our thread, for as long as the process lives. */
    void sendLoop() throws IOException {
        while (true) {
            synchronized (lock) {
                while (!hasLines()) {
                    waitForChange();
                }
            }
            synchronized (sending) {
                send(false);
            }
        }
    }

    void flush() throws IOException {
        synchronized (sending) {
            send(true);
        }
    }

    private void send(boolean partialToo) throws IOException {
        for (LineBuffer buffer : buffers) {
            byte[] lines;
            long id;
            synchronized (lock) {
                lines = buffer.take(partialToo);
                id = callId;
                if (lines.length > 0) {
                    lock.notifyAll();
                }
            }
            if (lines.length > 0) {
                writer.write(new LogFrame(id, buffer.stream(), lines));
            }
        }
    }

    private boolean hasLines() {
        return buffers[0].hasLines() || buffers[1].hasLines();
    }

    /** Returns false if the thread was interrupted, in which case it did not wait. */
    @SuppressWarnings("WaitNotInLoop") // Both callers loop.
    private boolean waitForChange() {
        try {
            lock.wait();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
