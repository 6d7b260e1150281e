package dev.athanor.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.Athanor;
import dev.athanor.api.AthanorClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts the packaged command as a user would, in processes of its own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AthanorCommandIT {
    private static final Pattern READY =
            Pattern.compile("Athanor is ready: Kafka on (\\S+), metrics on (\\S+), ");

    @TempDir private Path folder;
    private final Instant began = Instant.now();
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void theDemoShowsEverythingAndLeavesNothingRunning() throws Exception {
        Path output = folder.resolve("demo");
        Process demo = athanor(output, "demo");

        assertThat(demo.waitFor(4, TimeUnit.MINUTES)).isTrue();

        assertThat(demo.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output))
                .contains("hello.call() -> Hello World")
                .contains("Keeps An Even Heat For Days   (cold:")
                .contains("Keeps An Even Heat For Days   (hot:")
                .contains("the sum of all 200 squares is 2,686,700")
                .contains("java.lang.IllegalStateException: no joke about ALCHEMY")
                .contains("TourFunctions.joke")
                .contains("countdown.call(3) -> lift-off");
        assertThat(sandboxes()).isEmpty();
    }

    @Test
    void upServesCallersUntilItIsStoppedAndAgainAfterwards() throws Exception {
        Path data = folder.resolve("data");
        for (int start = 0; start < 2; start++) {
            Path output = folder.resolve("up-" + start);
            Process up =
                    athanor(
                            output,
                            "up",
                            "--data-dir",
                            data.toString(),
                            "--port",
                            "0",
                            "--metrics-port",
                            "0",
                            "--http-port",
                            "0");
            Matcher ready = awaitReady(up, output);

            try (AthanorClient client =
                    AthanorClient.builder().bootstrapServers(ready.group(1)).build()) {
                assertThat(
                                Athanor.isolated(
                                                Greeting::hello,
                                                Athanor.host(Athanor.cloud(client)))
                                        .call())
                        .isEqualTo("Hello World");
            }
            assertThat(get(ready.group(2))).contains("athanor_calls_total");
            Process second = athanor(folder.resolve("second"), "up", "--data-dir", data.toString());
            assertThat(second.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(second.exitValue()).isEqualTo(1);
            assertThat(Files.readAllLines(folder.resolve("second")))
                    .singleElement()
                    .asString()
                    .contains("is in use by another athanor", "--data-dir");

            up.destroy();
            assertThat(up.waitFor(1, TimeUnit.MINUTES)).isTrue();
            await().untilAsserted(() -> assertThat(sandboxes()).isEmpty());
        }
    }

    @Test
    void anAgentWithAnotherVolumeThanTheClustersSaysSoInOneLine() throws Exception {
        Path volume = folder.resolve("volume");
        Path output = folder.resolve("up");
        Process up =
                athanor(
                        output,
                        "up",
                        "--data-dir",
                        folder.resolve("data").toString(),
                        "--data-volume",
                        volume.toString(),
                        "--port",
                        "0",
                        "--metrics-port",
                        "0",
                        "--http-port",
                        "0");
        String kafka = awaitReady(up, output).group(1);
        assertThat(Files.readString(output))
                .contains("Data: in " + volume.toRealPath() + ", volume ");

        for (String other : List.of("other", "yet-another")) {
            assertThat(
                            failure(
                                    "agent",
                                    "--bootstrap-servers",
                                    kafka,
                                    "--data-dir",
                                    folder.resolve("agent").toString(),
                                    "--data-volume",
                                    folder.resolve(other).toString()))
                    .contains("may not join", "carries no id", volume.toRealPath().toString());
        }
    }

    @Test
    void secretsAreSetListedAndDeleted() throws Exception {
        Path data = folder.resolve("data");
        Path output = folder.resolve("up");
        Process up =
                athanor(
                        output,
                        "up",
                        "--data-dir",
                        data.toString(),
                        "--port",
                        "0",
                        "--metrics-port",
                        "0",
                        "--http-port",
                        "0");
        String kafka = awaitReady(up, output).group(1);
        assertThat(Files.getPosixFilePermissions(data.resolve("agent").resolve("secrets.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));

        assertThat(secrets(kafka, "hidden value\n", 0, "set", "TOKEN")).contains("TOKEN");
        assertThat(secrets(kafka, "", 0, "list")).startsWith("TOKEN\t").doesNotContain("hidden");
        try (AthanorClient client = AthanorClient.builder().bootstrapServers(kafka).build()) {
            assertThat(
                            Athanor.isolated(
                                            Greeting::token,
                                            Athanor.secrets("TOKEN"),
                                            Athanor.host(Athanor.cloud(client)))
                                    .call())
                    .isEqualTo("hidden value");
        }
        assertThat(secrets(kafka, "", 0, "delete", "TOKEN")).contains("TOKEN");
        assertThat(secrets(kafka, "", 1, "delete", "TOKEN")).contains("no secret TOKEN");
        assertThat(secrets(kafka, "x", 1, "set", "LD_PRELOAD")).contains("cannot be named so");
        assertThat(secrets(kafka, "", 1, "set", "EMPTY")).contains("1 to 32,768 bytes");
        assertThat(secrets(kafka, "", 0, "list")).isEmpty();
    }

    private String secrets(String kafka, String input, int status, String... arguments)
            throws Exception {
        Path output = Files.createTempFile(folder, "secrets", "");
        List<String> all = new ArrayList<>(List.of("secrets"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--bootstrap-servers", kafka));
        Process process = athanor(output, all.toArray(String[]::new));
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(status);
        return Files.readString(output);
    }

    @Test
    void whatCannotStartSaysWhyInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            String data = folder.resolve("data").toString();
            String file = Files.createFile(folder.resolve("file")).toString();

            assertThat(failure("up", "--data-dir", data, "--port", port))
                    .contains("port " + port + " is in use", "--port");
            assertThat(
                            failure(
                                    "up",
                                    "--data-dir",
                                    data,
                                    "--port",
                                    "0",
                                    "--http-port",
                                    "0",
                                    "--metrics-port",
                                    port))
                    .contains("port " + port + " is in use", "--metrics-port");
            assertThat(failure("up", "--data-dir", data, "--port", "0", "--http-port", port))
                    .contains(port, "in use", "--http-port");
            assertThat(failure("up", "--data-dir", file))
                    .contains("cannot write to the data folder " + file, "--data-dir");
            assertThat(failure("up", "--data-dir", data, "--port", "0", "--slots", "HUGE=1"))
                    .contains("unknown machine type 'HUGE'", "XS");
        }
    }

    private String failure(String... arguments) throws Exception {
        Path output = Files.createTempFile(folder, "failure", "");
        Process process = athanor(output, arguments);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).hasSize(1);
        return lines.getFirst();
    }

    private Matcher awaitReady(Process process, Path output) {
        return await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> {
                            assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
                            return READY.matcher(Files.readString(output));
                        },
                        Matcher::find);
    }

    private Process athanor(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of("../../athanor").toAbsolutePath().normalize().toString());
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        started.add(process);
        return process;
    }

    private static String get(String address) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(address)).build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }

    /** Those of this build that came since the test began: others may use this machine as well. */
    private List<String> sandboxes() throws IOException {
        String build = Path.of("../..").toRealPath().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().startInstant().stream().anyMatch(began::isBefore))
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains("dev.athanor.runtime.SandboxMain"))
                .filter(line -> line.contains(build))
                .toList();
    }
}
