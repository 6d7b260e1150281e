package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;

/** The program {@code uv}, for one build. */
final class Uv {
    /** Beside those that begin with {@code UV_}; nothing else of this process is its business. */
    private static final Set<String> PASSED_ON =
            Set.of(
                    "PATH",
                    "HOME",
                    "LANG",
                    "TZ",
                    "TMPDIR",
                    "NETRC",
                    "SSL_CERT_FILE",
                    "SSL_CERT_DIR",
                    "PYENV_ROOT",
                    "XDG_CONFIG_HOME",
                    "XDG_CONFIG_DIRS");

    private static final int KEPT_LINES = 100;
    private static final String QUIET = "--quiet";
    private static final Pattern CAUSE = Pattern.compile("\\R\\s*(?:cause: |╰─▶ |├─▶ )");
    private static final Pattern MARK = Pattern.compile("^\\s*(?:error: |× )");

    private final Path program;
    private final Map<String, String> variables;
    private final Path folder;

    private Uv(Path program, Map<String, String> variables, Path folder) {
        this.program = program;
        this.variables = variables;
        this.folder = folder;
    }

    /**
     * Finds it on the path.
     *
     * @param own this process's variables
     * @param cacheFolder where it keeps what it downloads
     * @param folder where it runs
     * @throws BuildFailedException if it is not there
     */
    static Uv find(Map<String, String> own, Path cacheFolder, Path folder) throws IOException {
        String path = own.getOrDefault("PATH", "");
        for (String place : path.split(File.pathSeparator, -1)) {
            Path program = Path.of(place).resolve("uv");
            // A relative one would be whatever the working directory has.
            if (program.isAbsolute() && Files.isExecutable(program)) {
                return new Uv(program, variables(own, cacheFolder), folder);
            }
        }
        throw new BuildFailedException(
                "Python environments need uv, which is not on this agent's PATH: pip install uv");
    }

    private static Map<String, String> variables(Map<String, String> own, Path cacheFolder)
            throws IOException {
        Map<String, String> variables = new TreeMap<>();
        own.forEach((name, value) -> {
            if (name.startsWith("UV_")
                    || name.toLowerCase(Locale.ROOT).endsWith("_proxy")
                    || PASSED_ON.contains(name)) {
                variables.put(name, value);
            }
        });
        variables.put("PATH", own.getOrDefault("PATH", "") + pyenv(own));
        variables.put("UV_CACHE_DIR", cacheFolder.resolve("packages").toString());
        variables.put("UV_PYTHON_INSTALL_DIR", cacheFolder.resolve("pythons").toString());
        variables.putIfAbsent("UV_HTTP_TIMEOUT", "30");
        return variables;
    }

    /** Pythons that pyenv has but does not offer by default; uv does not look there by itself. */
    private static String pyenv(Map<String, String> own) throws IOException {
        String home = own.getOrDefault("HOME", "");
        Path root = Path.of(own.getOrDefault("PYENV_ROOT", home + "/.pyenv")).resolve("versions");
        Set<Path> folders = new TreeSet<>();
        if (root.isAbsolute() && Files.isDirectory(root)) {
            try (DirectoryStream<Path> versions = Files.newDirectoryStream(root, "3.*")) {
                versions.forEach(version -> folders.add(version.resolve("bin")));
            }
        }
        StringBuilder path = new StringBuilder();
        folders.forEach(folder -> path.append(File.pathSeparator).append(folder));
        return path.toString();
    }

    /** Makes a virtual environment that can be moved. */
    void makeEnvironment(Path environment, String version, BuildLog log)
            throws IOException, InterruptedException {
        try {
            run(
                    List.of(
                            "venv",
                            QUIET,
                            "--no-project",
                            "--relocatable",
                            "--python",
                            version,
                            environment.toString()),
                    log);
        } catch (BuildFailedException e) {
            throw new BuildFailedException(
                    "there is no Python %s for the environment: %s"
                            .formatted(version, e.getMessage()));
        }
    }

    /** Installs what the list names, and what that needs. */
    void install(
            Path environment, Path list, List<String> indexes, RepositoryTrust trust, BuildLog log)
            throws IOException, InterruptedException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "pip",
                                "install",
                                "--no-progress",
                                "--python",
                                environment.resolve("bin").resolve("python").toString(),
                                "--requirements",
                                list.toString()));
        if (trust == RepositoryTrust.LIMITED) {
            arguments.add("--no-build");
            // Its credentials are for whoever names their host; those of uv.toml have a place.
            variables.put("NETRC", "/dev/null");
        }
        // Given here they would replace the operator's, which are asked first.
        if (!indexes.isEmpty()) {
            String operators = variables.getOrDefault("UV_INDEX", "");
            variables.put("UV_INDEX", (operators + " " + String.join(" ", indexes)).strip());
        }
        run(arguments, log);
    }

    /**
     * Compiles what is installed, once for all sandboxes. With uv's own option for that, files of
     * packages that Python reads at its start would have their code run here; by {@code -S} none is
     * read.
     */
    void compile(Path environment) throws IOException, InterruptedException {
        try {
            runCommand(
                    List.of(
                            environment.resolve("bin").resolve("python").toString(),
                            "-I",
                            "-S",
                            "-m",
                            "compileall",
                            "-qq",
                            environment.resolve("lib").toString()),
                    BuildLog.discarding());
        } catch (BuildFailedException e) {
            // Packages may hold files that are no code of this version, which nobody imports.
            return;
        }
    }

    private void run(List<String> arguments, BuildLog log)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        command.addAll(List.of("--color", "never"));
        runCommand(command, log);
    }

    private void runCommand(List<String> command, BuildLog log)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        FutureTask<Deque<String>> reading = new FutureTask<>(() -> read(process, log));
        Thread reader = new Thread(reading, Thread.currentThread().getName() + "-output");
        reader.setDaemon(true);
        reader.start();
        try {
            Deque<String> output = reading.get();
            if (process.waitFor() != 0) {
                throw new BuildFailedException(message(output));
            }
        } catch (ExecutionException e) {
            throw new IOException("cannot read what uv prints: " + e.getCause(), e);
        } finally {
            // Ended already, unless nobody waits for it any more.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static Deque<String> read(Process process, BuildLog log) throws IOException {
        Redaction redaction = new Redaction(List.of());
        Deque<String> kept = new ArrayDeque<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank() || line.startsWith("Using Python ")) {
                    continue;
                }
                log.line(redaction.line(line));
                kept.add(line);
                if (kept.size() > KEPT_LINES) {
                    kept.remove();
                }
            }
        }
        return kept;
    }

    /** Joins what it says from its error on: first what went wrong, then why. */
    private static String message(Deque<String> output) {
        List<String> lines = new ArrayList<>(output);
        int start = 0;
        while (start < lines.size() && !MARK.matcher(lines.get(start)).find()) {
            start++;
        }
        String text =
                String.join("\n", lines.subList(start == lines.size() ? 0 : start, lines.size()));
        text = CAUSE.matcher(MARK.matcher(text).replaceFirst("")).replaceAll(": ");
        String line = new Redaction(List.of()).line(text);
        return line.isEmpty() ? "uv failed without a word" : line;
    }
}
