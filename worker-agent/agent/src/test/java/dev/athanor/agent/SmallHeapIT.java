package dev.athanor.agent;

import static dev.athanor.api.Athanor.M;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.SmallCaller;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Callers with little memory, each a process of its own. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SmallHeapIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    @TempDir private Path folder;

    @Test
    void aFanOutOverAnEndlessIteratorHoldsMemoryFlat() throws Exception {
        assertThat(run("-Xmx48m", "endless")).isEqualTo("10000 results");
    }

    @Test
    void aCallerThatIsFasterThanTheAgentsIsSlowed() throws Exception {
        assertThat(run("-Xmx64m", "flood")).isEqualTo("2000 results");
    }

    @Test
    void theLargestPayloadNeedsAFewTimesItsSize() throws Exception {
        assertThat(run("-Xmx512m", "large")).isEqualTo("67107840 bytes");
    }

    /** Returns the last line that the caller printed. */
    private String run(String heap, String what) throws IOException, InterruptedException {
        try (Agent agent =
                CLUSTER.agent("small", Map.of(M, 2), folder, new SimpleMeterRegistry())) {
            Process caller =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    heap,
                                    "-XX:+UseSerialGC",
                                    "-XX:+ExitOnOutOfMemoryError",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    SmallCaller.class.getName(),
                                    CLUSTER.bootstrapServers(),
                                    what)
                            .redirectErrorStream(true)
                            .start();
            String output =
                    new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(caller.waitFor()).as(output).isZero();
            assertThat(agent.isReady()).isTrue();
            return output.strip().lines().reduce("", (first, last) -> last);
        }
    }
}
