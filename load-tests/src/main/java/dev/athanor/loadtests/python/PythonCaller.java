package dev.athanor.loadtests.python;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Python program with the client installed, which makes calls one after the other. */
final class PythonCaller implements AutoCloseable {
    private static final String SCRIPT = "caller.py";
    private static final long PATIENCE_SECONDS = 5;

    private final Path interpreter;
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    private PythonCaller(Path interpreter, Process process) {
        this.interpreter = interpreter;
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Makes a virtual environment of the {@code python3} on the path, and starts.
     *
     * @param folder for what it needs
     * @param client the client's project
     * @param dispatcher what it asks
     */
    static PythonCaller start(Path folder, Path client, URI dispatcher)
            throws IOException, InterruptedException {
        Path environment = folder.resolve("venv");
        Path interpreter = environment.resolve("bin/python");
        run(List.of("uv", "venv", "--quiet", "--python", "python3", environment.toString()));
        run(
                List.of(
                        "uv",
                        "pip",
                        "install",
                        "--quiet",
                        "--python",
                        interpreter.toString(),
                        client.toString()));
        Path script = folder.resolve(SCRIPT);
        try (InputStream in =
                Objects.requireNonNull(PythonCaller.class.getResourceAsStream(SCRIPT))) {
            Files.copy(in, script);
        }
        ProcessBuilder builder =
                new ProcessBuilder(interpreter.toString(), script.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("ATHANOR_DISPATCHER_URL", dispatcher.toString());
        builder.environment().remove("ATHANOR_HOST");
        return new PythonCaller(interpreter, builder.start());
    }

    /**
     * The {@code python3} on the path itself, which may be a script there that looks for it. That
     * of a virtual environment is a link to it.
     */
    Path bare() throws IOException {
        return interpreter.toRealPath();
    }

    /** That of its virtual environment. */
    Path interpreter() {
        return interpreter;
    }

    /**
     * Has calls made one after the other.
     *
     * @param kind {@code hot} or {@code cold}
     * @return how long each took, in microseconds
     */
    List<Long> call(String kind, int count) throws IOException {
        commands.write(kind + " " + count + "\n");
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the Python program ended; what it said is above");
        }
        return Stream.of(answer.split(" ", -1)).map(Long::valueOf).toList();
    }

    /** Runs a command to its end. */
    static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException(
                    "%s ended with status %d".formatted(command, process.exitValue()));
        }
    }

    @Override
    public void close() throws IOException {
        commands.close();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
