package dev.athanor.agent;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.network;
import static dev.athanor.api.Athanor.none;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.Prisoner;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.Option;
import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.isolation.IsolationException;
import dev.athanor.environment.isolation.NetworkPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An agent whose sandboxes are containers, seen by its callers. */
class DockerIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    @TempDir private static Path folder;
    private static @Nullable Agent agent;
    private static @Nullable AthanorClient client;
    private static Option here;

    @BeforeAll
    static void start() throws InterruptedException {
        try {
            agent =
                    CLUSTER.agent(
                            "containing",
                            Map.of("XS", 2),
                            folder,
                            new SimpleMeterRegistry(),
                            config -> config.withIsolation(Isolation.DOCKER, NetworkPolicy.open()));
        } catch (IsolationException e) {
            if (System.getenv("ATHANOR_TESTS_REQUIRED") != null) {
                throw e;
            }
            abort("LEFT OUT: an agent with containers: " + e.getMessage());
        }
        client = CLUSTER.client();
        here = host(cloud(client));
    }

    @AfterAll
    static void stop() {
        if (client != null) {
            client.close();
        }
        if (agent != null) {
            agent.close();
        }
    }

    @Test
    void callersSeeNothingOfTheMachineButTheirData() {
        assertThat(agent.isolation()).startsWith("docker");
        assertThat(agent.isReady()).isTrue();
        assertThat(isolated(Prisoner::sees, here).call(folder.toString())).isFalse();
        assertThat(isolated(Prisoner::sees, here).call("/data")).isTrue();
        assertThat(isolated(Prisoner::reaches, here).call(CLUSTER.bootstrapServers())).isNotEmpty();
    }

    @Test
    void dataOutlivesTheContainer() {
        assertThat(isolated(Prisoner::keeps, here).call("kept")).isEmpty();
        assertThat(isolated(Prisoner::keeps, network(none()), here).call("more")).isEqualTo("kept");
    }

    @Test
    void aFunctionWithoutNetworkGivesNoneToThoseThatItCalls() {
        assertThat(isolated(Prisoner::interfaces, here).call("")).isEqualTo("lo,tap0");
        assertThat(isolated(Prisoner::interfacesOfAnother, network(none()), here).call(""))
                .isEqualTo("lo");
    }
}
