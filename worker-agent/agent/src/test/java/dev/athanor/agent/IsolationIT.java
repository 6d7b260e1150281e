package dev.athanor.agent;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.network;
import static dev.athanor.api.Athanor.none;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.Prisoner;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.Option;
import dev.athanor.api.StartFailedException;
import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.isolation.NetworkPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An agent whose sandboxes are in bubblewrap, seen by its callers. */
class IsolationIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    @TempDir private static Path folder;
    private static Agent agent;
    private static AthanorClient client;
    private static Option here;

    @BeforeAll
    static void start() throws InterruptedException {
        agent =
                CLUSTER.agent(
                        "isolating",
                        Map.of("XS", 2),
                        folder,
                        new SimpleMeterRegistry(),
                        config ->
                                config.withIsolation(
                                        System.getenv("ATHANOR_TESTS_REQUIRED") == null
                                                ? Isolation.AUTO
                                                : Isolation.BUBBLEWRAP,
                                        NetworkPolicy.open()));
        client = CLUSTER.client();
        here = host(cloud(client));
    }

    @AfterAll
    static void stop() {
        client.close();
        agent.close();
    }

    private static void assumeBubblewrap() {
        assumeTrue(agent.isolation().startsWith("bubblewrap"), agent::isolation);
    }

    @Test
    void theAgentsFilesAreNotThereAndKafkaCannotBeReached() {
        assumeBubblewrap();

        assertThat(isolated(Prisoner::sees, here).call(folder.toString())).isFalse();
        assertThat(isolated(Prisoner::sees, here).call("/data")).isTrue();
        assertThat(isolated(Prisoner::reaches, here).call(CLUSTER.bootstrapServers())).isNotEmpty();
    }

    @Test
    void dataIsTheTenantsAndOutlivesTheSandbox() {
        assumeBubblewrap();

        assertThat(isolated(Prisoner::keeps, here).call("kept")).isEmpty();
        assertThat(isolated(Prisoner::keeps, network(none()), here).call("more")).isEqualTo("kept");
        assertThat(agent.data()).contains("functions see it as /data");
    }

    @Test
    void aFunctionWithoutNetworkGivesNoneToThoseThatItCalls() {
        assumeBubblewrap();

        assertThat(isolated(Prisoner::interfaces, here).call("")).isEqualTo("lo,tap0");
        assertThat(isolated(Prisoner::interfaces, network(none()), here).call("")).isEqualTo("lo");
        assertThat(isolated(Prisoner::interfacesOfAnother, network(none()), here).call(""))
                .isEqualTo("lo");
    }

    @Test
    void anAgentOfBareProcessesRefusesAFunctionWithoutNetwork(@TempDir Path other)
            throws InterruptedException {
        try (Agent bare = CLUSTER.agent("bare", Map.of("S", 1), other, new SimpleMeterRegistry())) {
            assertThat(bare.isolation()).startsWith("process");
            assertThatThrownBy(() ->
                            isolated(Prisoner::interfaces, network(none()), machineType("S"), here)
                                    .call(""))
                    .isInstanceOf(StartFailedException.class)
                    .hasMessageContaining("--isolation bubblewrap");
        }
    }
}
