package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.LineQuota;
import dev.athanor.runtime.protocol.LogStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Drains the pipe behind a process's standard output or error, to which native code and child
 * processes write. Lines beyond the quota are dropped.
 */
final class OutputPipe implements Runnable {

    private static final int CHUNK_BYTES = 8 << 10;
    private static final int MAX_LINE_BYTES = 16 << 10;

    private final InputStream pipe;
    private final LogStream stream;
    private final LogSink lines;
    private final LineQuota quota = new LineQuota(System::nanoTime);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long dropped;

    OutputPipe(InputStream pipe, LogStream stream, LogSink lines) {
        this.pipe = pipe;
        this.stream = stream;
        this.lines = lines;
    }

    @Override
    public void run() {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (pipe) {
            for (int count = pipe.read(chunk); count >= 0; count = pipe.read(chunk)) {
                take(chunk, count);
            }
        } catch (IOException e) {
            // Closed: the process is gone.
        }
        endOfCall();
    }

    /**
     * Passes on a last line without line end; returns how many were dropped since the last time.
     */
    synchronized long endOfCall() {
        if (line.size() > 0) {
            endLine();
        }
        long count = dropped;
        dropped = 0;
        return count;
    }

    private synchronized void take(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                endLine();
            } else {
                line.write(bytes[i]);
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
}
