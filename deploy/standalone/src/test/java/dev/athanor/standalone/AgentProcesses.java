package dev.athanor.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs {@code athanor agent} in processes of their own. */
final class AgentProcesses implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(4);

    private final String bootstrapServers;
    private final Path folder;
    private final List<Process> started = new ArrayList<>();

    AgentProcesses(String bootstrapServers, Path folder) {
        this.bootstrapServers = bootstrapServers;
        this.folder = folder;
    }

    /** Starts an agent and returns once it takes calls. */
    Process start(String id, String slots) throws IOException {
        Path output = Files.createTempFile(folder, id, ".out");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--sun-misc-unsafe-memory-access=allow",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.athanor.standalone.command.AthanorCommand",
                                "agent",
                                "--bootstrap-servers",
                                bootstrapServers,
                                "--id",
                                id,
                                "--slots",
                                slots,
                                "--agent-timeout",
                                Long.toString(PATIENCE.toSeconds()),
                                "--drain",
                                "20",
                                "--data-dir",
                                folder.resolve(id).toString())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        // Functions of these tests leave their marks in files of this machine.
        builder.environment().put("ATHANOR_ISOLATION", "process");
        Process process = builder.start();
        started.add(process);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> {
                    String said = Files.readString(output);
                    assertThat(process.isAlive()).as(said).isTrue();
                    return said.contains("is ready");
                });
        return process;
    }

    /** Sends a signal, such as {@code STOP}. */
    static void signal(Process process, String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
