package dev.athanor.loadtests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with this one's class path, its output in a file. It says there when it is ready. For one
 * thread.
 */
public final class ChildProcess implements AutoCloseable {
    static final String READY = "ready";

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final String name;
    private final Process process;
    private final Path output;

    private ChildProcess(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a process, and does not wait for it.
     *
     * @param folder where its output and logs go
     */
    static ChildProcess start(
            String name, Path folder, String heap, Class<?> main, String... arguments)
            throws IOException {
        Files.createDirectories(folder);
        Path output = Files.createTempFile(folder, name + "-", ".out");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx" + heap,
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dathanor.log.folder=" + folder.resolve("logs"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        return new ChildProcess(name, process, output);
    }

    /** Tells the process that started this one that it does its work. Called by the child. */
    static void sayReady() {
        System.out.println(READY);
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits until it does its work.
     *
     * @throws IllegalStateException when it ends first, or takes longer
     */
    public void awaitReady(Duration timeout) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (Files.readAllLines(output).stream().noneMatch(READY::equals)) {
            if (System.nanoTime() - deadline > 0
                    || process.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "%s %s before it was ready:%n%s"
                                .formatted(
                                        name,
                                        process.isAlive() ? "took too long" : "ended",
                                        Files.readString(output)));
            }
        }
    }

    /** Ends it as a crash would (SIGKILL), and returns once it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Stops its clock, so to speak (SIGSTOP). */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it go on (SIGCONT). */
    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    /**
     * Asks it to end (SIGTERM).
     *
     * @throws IllegalStateException when it takes longer
     */
    public void terminate(Duration patience) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(
                    "%s did not end within %s of SIGTERM".formatted(name, patience));
        }
    }

    private void signal(String signal) throws IOException, InterruptedException {
        String pid = Long.toString(process.pid());
        int exit = new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException("kill -%s of %s failed".formatted(signal, name));
        }
    }

    /** Its output so far, for people. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it the hard way: nobody needs it any more. */
    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
