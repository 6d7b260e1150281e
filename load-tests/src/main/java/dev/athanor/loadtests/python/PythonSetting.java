package dev.athanor.loadtests.python;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.machineType;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.agent.CloseStack;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** A broker, an agent and a dispatcher in this process, and a caller in Java. */
final class PythonSetting implements AutoCloseable {
    private static final int SLOTS = 2;

    private final CloseStack resources;
    private final URI http;
    private final IsolatedFunction1<Integer, Integer> function;

    private PythonSetting(
            CloseStack resources, URI http, IsolatedFunction1<Integer, Integer> function) {
        this.resources = resources;
        this.http = http;
        this.function = function;
    }

    static PythonSetting start(Path folder) throws InterruptedException {
        CloseStack resources = new CloseStack();
        try {
            EmbeddedKafka kafka = resources.add(EmbeddedKafka.start(folder.resolve("kafka"), 0));
            String servers = kafka.bootstrapServers();
            Dispatcher dispatcher =
                    resources.add(
                            Dispatcher.start(
                                    DispatcherConfig.of("bench", servers)
                                            .withHttp(
                                                    new InetSocketAddress(
                                                            InetAddress.getLoopbackAddress(), 0)),
                                    new SimpleMeterRegistry(),
                                    InstantSource.system()));
            resources.add(
                    Agent.start(
                            AgentConfig.of(
                                    "bench", servers, Map.of(M, SLOTS), folder.resolve("agent")),
                            new SimpleMeterRegistry(),
                            InstantSource.system()));
            AthanorClient client =
                    resources.add(AthanorClient.builder().bootstrapServers(servers).build());
            IsolatedFunction1<Integer, Integer> function =
                    isolated(
                            PythonSetting::same,
                            machineType(M),
                            keepAlive(Duration.ofMinutes(10)),
                            host(cloud(client)));
            return new PythonSetting(resources, dispatcher.http().orElseThrow(), function);
        } catch (RuntimeException | InterruptedException e) {
            resources.closeAfter(e);
            throw e;
        }
    }

    private static Integer same(Integer value) {
        return value;
    }

    /** Where calls from Python go. */
    URI http() {
        return http;
    }

    /** Makes a hot call from Java. */
    void call(int value) {
        int result = function.call(value);
        if (result != value) {
            throw new IllegalStateException("%d came back as %d".formatted(value, result));
        }
    }

    @Override
    public void close() {
        resources.close();
    }
}
