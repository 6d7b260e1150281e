package dev.athanor.agent;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.escalate;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.logs;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.onEnd;
import static dev.athanor.api.Athanor.onOutOfMemory;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.Jobs;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.CallInfo;
import dev.athanor.api.InvalidOptionException;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.LogLine;
import dev.athanor.api.Option;
import dev.athanor.api.SandboxDiedException;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.machine.MachineTypeCatalog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Machine types that an operator made, through the API, a real broker and an agent. */
class MachineTypesIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final MachineTypeCatalog TYPES =
            MachineTypeCatalog.reference()
                    .with(
                            List.of(
                                    new MachineType("L", 2, 512L << 20, 0, ""),
                                    new MachineType("tiny", 0.1, 128L << 20, 0, "")));

    @TempDir private static Path folder;
    private static Agent agent;
    private static AthanorClient client;
    private static Option here;

    @BeforeAll
    static void start() throws InterruptedException {
        agent =
                CLUSTER.agent(
                        "machine-types",
                        Map.of("L", 1, "tiny", 1),
                        folder,
                        new SimpleMeterRegistry(),
                        config -> config.withMachineTypes(TYPES));
        client = CLUSTER.client();
        here = host(cloud(client));
    }

    @AfterAll
    static void stop() {
        client.close();
        agent.close();
    }

    @Test
    void sandboxesHaveTheSizesThatTheOperatorGave() {
        List<Long> large = isolated(Jobs::sizes, machineType("L"), here).call();
        List<Long> tiny = isolated(Jobs::sizes, machineType("tiny"), here).call();

        assertThat(large.get(0)).isBetween(360L, 384L);
        assertThat(large.get(1)).isEqualTo(2);
        assertThat(tiny.get(0)).isBetween(28L, 32L);
        assertThat(tiny.get(1)).isEqualTo(1);
    }

    @Test
    void runningOutOfMemoryNamesTheLimitAndTheNextLargerMachineType() {
        assertThatThrownBy(() -> isolated(Jobs::fillMemory, machineType("tiny"), here).call())
                .isInstanceOfSatisfying(
                        SandboxDiedException.class,
                        e -> assertThat(e.largerMachineType()).contains("XS"))
                .hasMessageContaining("memory of machine type tiny (128 MiB)");
    }

    @Test
    void aCallThatRunsOutOfMemoryMovesToALargerMachineTypeWhereItIsToldTo() throws Exception {
        Queue<CallInfo> ends = new ConcurrentLinkedQueue<>();
        Queue<LogLine> lines = new ConcurrentLinkedQueue<>();
        IsolatedFunction1<Integer, Integer> hold =
                isolated(
                        Jobs::holdMegabytes,
                        machineType("tiny"),
                        onOutOfMemory(escalate()),
                        onEnd(ends::add),
                        logs(lines::add),
                        here);

        assertThat(hold.call(1)).as("it fits").isEqualTo(1);
        assertThat(hold.call(100)).as("attempt").isEqualTo(2);

        assertThat(ends)
                .extracting(CallInfo::escalatedFrom)
                .containsExactly(List.of(), List.of("tiny"));
        assertThat(lines)
                .singleElement()
                .matches(line -> line.source() == LogLine.Source.AGENT)
                .extracting(LogLine::text)
                .asString()
                .contains("ran out of memory on tiny");
    }

    @Test
    void itMovesNoFurtherThanThereAreAgents() {
        Queue<CallInfo> ends = new ConcurrentLinkedQueue<>();

        assertThatThrownBy(() ->
                        isolated(
                                        Jobs::fillMemory,
                                        machineType("tiny"),
                                        onOutOfMemory(escalate(5)),
                                        onEnd(ends::add),
                                        here)
                                .call())
                .isInstanceOf(SandboxDiedException.class)
                .hasMessageContaining("memory of machine type L (512 MiB)");
        assertThat(ends)
                .singleElement()
                .satisfies(end -> assertThat(end.escalatedFrom()).containsExactly("tiny"))
                .satisfies(end -> assertThat(end.attempts()).isEqualTo(2));
    }

    @Test
    void aMachineTypeThatIsNotOfferedIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> isolated(Jobs::sizes, machineType("Tiny"), here).call())
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("did you mean tiny?");
    }

    @Test
    void anAgentThatIsToServeAnUnknownOneDoesNotStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        CLUSTER.agent(
                                "unknown",
                                Map.of("xl", 1),
                                folder.resolve("unknown"),
                                new SimpleMeterRegistry()))
                .withMessageContaining("did you mean XL?");
    }
}
