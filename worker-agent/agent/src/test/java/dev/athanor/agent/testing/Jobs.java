package dev.athanor.agent.testing;

import dev.athanor.api.Athanor;
import dev.athanor.api.Isolated;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.text.WordUtils;

/**
 * Functions that the tests run on agents. The class needs nothing but the JDK and the API to be
 * loaded.
 */
public final class Jobs {
    private Jobs() {}

    public static String hello() {
        return "Hello World";
    }

    public static String join(String a, int b, long c, boolean d) {
        return a + b + c + d;
    }

    public static long processId() {
        return ProcessHandle.current().pid();
    }

    public static Integer twice(Integer number) {
        return 2 * number;
    }

    public static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    public static byte[] zeros(int length) {
        return new byte[length];
    }

    public static String fail(String message) {
        try {
            return Integer.toString(Integer.parseInt(message));
        } catch (NumberFormatException e) {
            throw new IllegalStateException("cannot use " + message, e);
        }
    }

    public static String exit(int status) {
        System.exit(status);
        return "unreachable";
    }

    public static String capitalized(String text) {
        return WordUtils.capitalize(text);
    }

    /** The version of commons-lang3 that the function sees. */
    public static String langVersion() throws ClassNotFoundException {
        Class<?> type = Class.forName("org.apache.commons.lang3.StringUtils");
        String jar = type.getProtectionDomain().getCodeSource().getLocation().getPath();
        return jar.replaceFirst(".*commons-lang3-", "").replaceFirst("\\.jar$", "");
    }

    /** Prints a line, and returns only once the file is there. */
    public static String printAndWaitFor(String line, String file) throws InterruptedException {
        System.out.println(line);
        System.err.println("err " + line);
        awaitFile(Path.of(file));
        return "seen";
    }

    /** Appends a line to the file, then runs on for that long. */
    public static String markAndRun(String file, Duration duration) throws InterruptedException {
        mark(Path.of(file));
        TimeUnit.MILLISECONDS.sleep(duration.toMillis());
        return "ran";
    }

    /** Appends a line to the file, then waits for another file. */
    public static String markAndWaitFor(String file, String other) throws InterruptedException {
        mark(Path.of(file));
        awaitFile(Path.of(other));
        return "ran";
    }

    public static String ignoresInterrupts() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    /** Writes its process's id to the file, then runs on, whatever comes. */
    public static String writeIdAndSpin(String file) {
        write(Path.of(file), Long.toString(processId()));
        return ignoresInterrupts();
    }

    /** Writes its process's id to the file, waits, and appends to it what ended the wait. */
    public static String writeIdAndWait(String file) {
        write(Path.of(file), Long.toString(processId()));
        try {
            TimeUnit.DAYS.sleep(1);
            return "slept";
        } catch (InterruptedException e) {
            write(Path.of(file), " interrupted");
            return "interrupted";
        }
    }

    private static void awaitFile(Path file) throws InterruptedException {
        while (!Files.exists(file)) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static void mark(Path file) {
        write(file, "run\n");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String variable(String name) {
        return System.getenv(name);
    }

    public static String commandLine() {
        return ProcessHandle.current().info().commandLine().orElse("");
    }

    /** Heap in MiB, and processors. */
    public static List<Long> sizes() {
        return List.of(
                Runtime.getRuntime().maxMemory() >> 20,
                (long) Runtime.getRuntime().availableProcessors());
    }

    /** Returns the attempt that it was. */
    public static int holdMegabytes(int count) {
        byte[][] kept = new byte[count][];
        for (int i = 0; i < count; i++) {
            kept[i] = new byte[1 << 20];
        }
        return kept.length == count ? Integer.getInteger("athanor.call.attempt", 0) : -1;
    }

    public static int fillMemory() {
        List<byte[]> kept = new ArrayList<>();
        while (kept.size() < Integer.MAX_VALUE) {
            kept.add(new byte[1 << 20]);
        }
        return kept.size();
    }

    public static int printLines(int lines) {
        for (int i = 0; i < lines; i++) {
            System.out.println("line " + i);
        }
        return lines;
    }

    private static String stamp() {
        return ProcessHandle.current().pid() + " at " + System.nanoTime();
    }

    public static String cachedStamp() throws Exception {
        return Athanor.cached(Jobs::stamp).call();
    }

    public static String cachedStampOfAnother() throws Exception {
        return "again " + Athanor.cached(Jobs::stamp).call();
    }

    @Isolated(machineType = "M", requirements = "org.apache.commons:commons-text:1.13.0")
    public static String annotated(String text) {
        return WordUtils.capitalize(text);
    }
}
