package dev.athanor.api.internal.local;

import static dev.athanor.api.Athanor.cached;

import dev.athanor.api.Function0;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What the tests run on the local host. */
final class Jobs {
    private static final Function0<String> CACHED = cached(Jobs::stamp);

    private Jobs() {}

    /** A failure that only the caller's own classes know. */
    static final class OwnException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OwnException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static long processId() {
        return ProcessHandle.current().pid();
    }

    static String variable(String name) {
        return System.getenv(name);
    }

    static String capitalized(String text) throws ReflectiveOperationException {
        return (String)
                Class.forName("org.apache.commons.text.WordUtils")
                        .getMethod("capitalize", String.class)
                        .invoke(null, text);
    }

    static String readData(String file) throws IOException {
        return Files.readString(Path.of(System.getenv("ATHANOR_DATA"), file));
    }

    static String writeData(String file, String text) throws IOException {
        return Files.writeString(Path.of(System.getenv("ATHANOR_DATA"), file), text).toString();
    }

    static String fail(String text) {
        throw new OwnException("cannot use " + text, new NumberFormatException(text));
    }

    static int print(int lines) {
        for (int i = 0; i < lines; i++) {
            System.out.println("line " + i);
        }
        System.err.println("done");
        return lines;
    }

    /** Prints, and then runs until it is interrupted, of which it leaves a note. */
    static String waitForever(String started, String interrupted) throws IOException {
        Files.createFile(Path.of(started));
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Files.createFile(Path.of(interrupted));
        }
        return "interrupted";
    }

    static String ignoresInterrupts() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    static String exit(int status) {
        System.exit(status);
        return "never";
    }

    /** Returns the attempt that it was. */
    static int holdMegabytes(int count) {
        byte[][] kept = new byte[count][];
        for (int i = 0; i < count; i++) {
            kept[i] = new byte[1 << 20];
        }
        return kept.length == count ? Integer.getInteger("athanor.call.attempt", 0) : -1;
    }

    static int fillMemory() {
        List<byte[]> kept = new ArrayList<>();
        while (kept.size() < Integer.MAX_VALUE) {
            kept.add(new byte[1 << 20]);
        }
        return kept.size();
    }

    static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    static Object thread() {
        return new Path[0];
    }

    static List<Long> sizes() {
        return List.of(
                Runtime.getRuntime().maxMemory() >> 20,
                (long) Runtime.getRuntime().availableProcessors());
    }

    private static String stamp() {
        return ProcessHandle.current().pid() + " at " + System.nanoTime();
    }

    static String cachedStamp() throws Exception {
        return CACHED.call();
    }

    static String cachedStampOfAnother() throws Exception {
        return "again " + CACHED.call();
    }

    static String note(String file, String line) {
        try {
            Files.writeString(
                    Path.of(file),
                    line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
