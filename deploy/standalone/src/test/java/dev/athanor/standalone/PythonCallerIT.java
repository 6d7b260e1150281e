package dev.athanor.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.standalone.command.AthanorCommand;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Python client, as pip installs it, against a cluster. */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class PythonCallerIT {
    private static final Path PROJECT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final String REQUIRED = "ATHANOR_TESTS_REQUIRED";

    @TempDir private static Path folder;
    private static Standalone standalone;

    @BeforeAll
    static void start() throws Exception {
        boolean hasUv =
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(each -> Files.isExecutable(Path.of(each, "uv")));
        if (!hasUv && System.getenv(REQUIRED) == null) {
            System.err.println("LEFT OUT: calls from Python. To run them: pip install uv.");
            Assumptions.assumeThat(hasUv).isTrue();
        }
        assertThat(run("python3", "-m", "venv", python().getParent().getParent().toString()))
                .isEmpty();
        String client = PROJECT.resolve("api/src/main/python").toString();
        assertThat(
                        run(
                                python().toString(),
                                "-m",
                                "pip",
                                "install",
                                "--quiet",
                                "--disable-pip-version-check",
                                client))
                .isEmpty();
        standalone =
                Standalone.start(
                        new StandaloneConfig(
                                folder.resolve("data"),
                                0,
                                0,
                                AgentSettings.of(Map.of("XS", 3, "M", 1, "L", 1)),
                                false,
                                Optional.of(new JobsConfig(0, Optional.empty()))));
    }

    @AfterAll
    static void stop() {
        if (standalone != null) {
            standalone.close();
        }
    }

    @Test
    void callsFromPythonDoWhatTheyDoAtHome() throws Exception {
        assertThat(script(PROJECT.resolve("deploy/standalone/src/test/python/calls.py")))
                .isEqualTo("15");
    }

    @Test
    void jobsFromPythonRunAgainAndLater() throws Exception {
        assertThat(script(PROJECT.resolve("deploy/standalone/src/test/python/timers.py")))
                .isEqualTo("5");
    }

    @ParameterizedTest
    @CsvSource({
        "isolated, Hello World",
        "requirements, '.{10,}'",
        "machine_type, M L",
        "credentials, hello world",
        "keep_alive, '(\\d.\\d{3} s: .{10,}\\s*){2}'",
        "cached_function, '(The result is: Hello, World!\\s+){2}([2-9]|\\d{2,})\\.\\d+ s, then [01]\\.\\d+ s'"
    })
    void theReferencesSnippetsRunOnACluster(String name, String output) throws Exception {
        assertThat(script(PROJECT.resolve("examples/python/" + name + ".py"))).matches(output);
    }

    @Test
    void registeredFunctionsAreCalledAcrossLanguages() throws Exception {
        Path examples = PROJECT.resolve("examples/registered");
        String python = python().toString();
        String greetings = examples.resolve("greetings.py") + "::greet";
        String dispatcher = standalone.http().orElseThrow().toString();

        assertThat(run(python, "-m", "athanor", "deploy", greetings, "--name", "greetings/greet"))
                .isEqualTo("greetings/greet is version 1 now.");
        Path jdk = Path.of(System.getProperty("java.home"), "bin");
        String classPath = System.getProperty("java.class.path");
        String caller = examples.resolve("CallGreetings.java").toString();
        assertThat(run(jdk.resolve("java").toString(), "-cp", classPath, caller).lines())
                .containsExactly("Hello World", "Greeting[greeting=Hello Hello World, letters=5]");

        String classes = folder.resolve("classes").toString();
        String shout = examples.resolve("Shout.java").toString();
        assertThat(run(jdk.resolve("javac").toString(), "-parameters", "-d", classes, shout))
                .isEmpty();
        int deployed =
                AthanorCommand.commandLine()
                        .execute(
                                "deploy",
                                "Shout::shout",
                                "--class-path",
                                classes,
                                "--name",
                                "text/shout",
                                "--dispatcher-url",
                                dispatcher);
        assertThat(deployed).isZero();
        assertThat(script(examples.resolve("call_shout.py")).lines())
                .containsExactly(
                        "HELLO!!",
                        "BYE!",
                        "parameter \"times\": expected integer from -2147483648 to 2147483647, got"
                                + " \"twice\"");
    }

    private static Path python() {
        return folder.resolve("venv/bin/python");
    }

    private static String script(Path file) throws IOException, InterruptedException {
        return run(python().toString(), file.toString());
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
        // What builds say goes there.
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.directory(folder.toFile());
        builder.environment().remove("ATHANOR_HOST");
        if (standalone != null) {
            builder.environment()
                    .put("ATHANOR_DISPATCHER_URL", standalone.http().orElseThrow().toString());
        }
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(5, TimeUnit.MINUTES);
            String text = Files.readString(output, StandardCharsets.UTF_8).strip();
            assertThat(ended && process.exitValue() == 0)
                    .as(text + Files.readString(errors, StandardCharsets.UTF_8))
                    .isTrue();
            return text;
        } finally {
            process.destroyForcibly();
        }
    }
}
