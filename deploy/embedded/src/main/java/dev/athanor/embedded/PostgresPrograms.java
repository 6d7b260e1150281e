package dev.athanor.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The programs of PostgreSQL, as this user may run them. Safe for any number of threads. */
final class PostgresPrograms {
    private final Path folder;

    /** PostgreSQL refuses to run as root, and as a user that has no name. */
    private final boolean isRefused =
            ProcessHandle.current().info().user().filter(name -> !name.equals("root")).isEmpty();

    /**
     * @param folder with {@code bin}
     */
    PostgresPrograms(Path folder) {
        this.folder = folder;
    }

    /**
     * What runs a program. In a user namespace without a mapping any user is nobody, and what it
     * writes is still its own.
     */
    List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRefused) {
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(folder.resolve("bin").resolve(program).toString());
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /**
     * Runs a program to its end.
     *
     * @param output gets what it prints
     * @return whether it did what it was to
     * @throws IOException when it cannot be run
     */
    boolean run(Path output, Duration timeout, String program, String... arguments)
            throws IOException, InterruptedException {
        Process process = builder(output, command(program, arguments)).start();
        process.getOutputStream().close();
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }

    /** A process whose messages are in English and go to the end of a file. */
    static ProcessBuilder builder(Path output, List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("LC_ALL", "C");
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        return builder;
    }

    /** What of a program's output tells best why it failed. */
    String reason(Path output) throws IOException {
        List<String> lines =
                Files.exists(output)
                        ? new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                                .lines()
                                .filter(line -> !line.isBlank())
                                .map(String::strip)
                                .toList()
                        : List.of();
        if (isRefused && lines.stream().anyMatch(line -> line.startsWith("unshare:"))) {
            return "PostgreSQL does not run as root or as a user without a name, and this machine"
                    + " permits no user namespaces: run athanor as another user";
        }
        return lines.stream()
                .filter(line -> line.contains("FATAL") || line.contains("rror:"))
                .findFirst()
                .orElseGet(() -> lines.isEmpty() ? "it said nothing" : lines.getLast());
    }
}
