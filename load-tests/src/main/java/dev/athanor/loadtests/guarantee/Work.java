package dev.athanor.loadtests.guarantee;

import dev.athanor.api.CallContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The function that is called, in a class that needs nothing but the JDK and the API. */
final class Work {
    private static final InstantSource CLOCK = InstantSource.system();

    private Work() {}

    /**
     * Notes that it starts, takes its time, and notes that it ends. Each note is one write to a
     * file that every process appends to, so that it is there whole whoever is killed next.
     */
    static Long run(String mark, Long millis, String file)
            throws IOException, InterruptedException {
        ProcessHandle sandbox = ProcessHandle.current();
        long agent = sandbox.parent().map(ProcessHandle::pid).orElse(0L);
        String id = CallContext.current().map(CallContext::correlationId).orElse("none");
        String start = "%s %s %d %d %d".formatted(mark, id, agent, sandbox.pid(), CLOCK.millis());
        try (FileChannel notes =
                FileChannel.open(
                        Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            note(notes, start + "\n");
            boolean _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
            note(notes, start + " " + CLOCK.millis() + "\n");
        }
        return PlannedCall.result(mark, millis);
    }

    private static void note(FileChannel notes, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        if (notes.write(bytes) != bytes.limit()) {
            throw new IOException("a note was written in parts: " + line);
        }
    }
}
