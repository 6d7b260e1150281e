package dev.athanor.loadtests.warm;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.machineType;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.loadtests.RoundTrips;
import dev.athanor.loadtests.process.TemporaryFolder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** A broker, an agent with a hot no-op function, and an echo of the same shape beside it. */
final class WarmSetting implements AutoCloseable {
    private static final int CONSUMERS = 2;

    private final TemporaryFolder folder;
    private final EmbeddedKafka kafka;
    private final Agent agent;
    private final AthanorClient client;
    private final Echo echo;
    private final IsolatedFunction1<Integer, Integer> noOp;

    private WarmSetting(
            TemporaryFolder folder,
            EmbeddedKafka kafka,
            Agent agent,
            AthanorClient client,
            Echo echo,
            IsolatedFunction1<Integer, Integer> noOp) {
        this.folder = folder;
        this.kafka = kafka;
        this.agent = agent;
        this.client = client;
        this.echo = echo;
        this.noOp = noOp;
    }

    static WarmSetting start() throws IOException, InterruptedException {
        TemporaryFolder folder = TemporaryFolder.create("athanor-bench-");
        EmbeddedKafka kafka = EmbeddedKafka.start(folder.path().resolve("kafka"), 0);
        String servers = kafka.bootstrapServers();
        Agent agent =
                Agent.start(
                        AgentConfig.of(
                                "bench",
                                servers,
                                Map.of(M, CONSUMERS),
                                folder.path().resolve("agent")),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
        AthanorClient client = AthanorClient.builder().bootstrapServers(servers).build();
        IsolatedFunction1<Integer, Integer> noOp =
                isolated(
                        NoOp::run,
                        machineType(M),
                        keepAlive(Duration.ofMinutes(10)),
                        host(cloud(client)));
        noOp.call(0);
        RecordSizes sizes = RecordSizes.ofLastCall(servers);
        return new WarmSetting(
                folder, kafka, agent, client, Echo.start(servers, CONSUMERS, sizes), noOp);
    }

    RoundTrips echo() {
        return echo::send;
    }

    RoundTrips calls() {
        return () -> noOp.submit(1);
    }

    @Override
    public void close() throws IOException {
        echo.close();
        client.close();
        agent.close();
        kafka.close();
        folder.close();
    }
}
