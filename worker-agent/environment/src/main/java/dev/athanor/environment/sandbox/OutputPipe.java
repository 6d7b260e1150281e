package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.LineQuota;
import dev.athanor.runtime.protocol.LogStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The pipe behind a process's standard output or error, to which native code and child processes
 * write. Lines beyond the quota are dropped. Safe for use by any thread.
 *
 * <p>INVARIANT: bytes leave the pipe only under the lock, and under the same hold of it their lines
 * are passed on. So whoever has the lock finds all that was written either in the pipe or passed
 * on, never on its way: a thread that blocked in a read would hold bytes that nobody sees.
 */
final class OutputPipe implements AutoCloseable {

    private static final int CHUNK_BYTES = 8 << 10;
    private static final int MAX_LINE_BYTES = 16 << 10;

    private final InputStream pipe;
    private final LogStream stream;
    private final LogSink lines;
    private final LineQuota quota = new LineQuota(System::nanoTime);
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long dropped;

    OutputPipe(InputStream pipe, LogStream stream, LogSink lines) {
        this.pipe = pipe;
        this.stream = stream;
        this.lines = lines;
    }

    /**
     * Passes on what lies in the pipe now, and does not wait for more.
     *
     * @return false if there was nothing
     */
    synchronized boolean drain() {
        try {
            int left = pipe.available();
            boolean found = left > 0;
            while (left > 0) {
                int count = pipe.read(chunk, 0, Math.min(left, CHUNK_BYTES));
                if (count < 0) {
                    break;
                }
                take(count);
                left -= count;
            }
            return found;
        } catch (IOException e) {
            // Closed: the process is gone.
            return false;
        }
    }

    /**
     * Passes on what was written until now, with a last line without line end; returns how many
     * lines were dropped since the last time.
     */
    synchronized long endOfCall() {
        drain();
        if (line.size() > 0) {
            endLine();
        }
        long count = dropped;
        dropped = 0;
        return count;
    }

    private void take(int count) {
        for (int i = 0; i < count; i++) {
            if (chunk[i] == '\n') {
                endLine();
            } else {
                line.write(chunk[i]);
                if (line.size() == MAX_LINE_BYTES) {
                    endLine();
                }
            }
        }
    }

    private void endLine() {
        if (quota.admits(line.size())) {
            lines.line(stream, line.toString(StandardCharsets.UTF_8));
        } else {
            dropped++;
        }
        line.reset();
    }

    @Override
    public synchronized void close() throws IOException {
        pipe.close();
    }
}
