package dev.athanor.standalone;

import static dev.athanor.api.Athanor.S;
import static dev.athanor.api.Athanor.XS;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.logs;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.whenUnserved;
import static dev.athanor.api.WhenUnserved.FAIL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.CloudKeyCredentials;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.LogLine;
import dev.athanor.api.Option;
import dev.athanor.api.UnservedException;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.BrokerSecurity;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.TlsFiles;
import dev.athanor.schemas.cluster.KeyAdmin;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.KafkaAccess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tenant's calls for a machine type whose agents come and go, where keys are asked for. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class UnservedIT {
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

    @TempDir private Path folder;
    private final Credentials operator = KeyAdmin.operator();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private BrokerSecurity security;
    private EmbeddedKafka kafka;
    private KeyAdmin keys;
    private Dispatcher dispatcher;
    private AthanorClient client;

    @BeforeEach
    void startCluster() throws Exception {
        security = new BrokerSecurity(TlsFiles.in(folder.resolve("tls")), Set.of(operator.keyId()));
        kafka = EmbeddedKafka.startSecured(folder.resolve("kafka"), 0, security);
        keys =
                KeyAdmin.connect(
                        kafka.internalAccess(), Duration.ofSeconds(30), InstantSource.system());
        keys.registerOperator(operator, "");
        dispatcher =
                Dispatcher.start(
                        DispatcherConfig.of("supervisor", kafka.bootstrapServers())
                                .withCredentials(operator, access()),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
        Credentials tenant = keys.createForTenant("acme", "");
        client =
                AthanorClient.builder()
                        .bootstrapServers(kafka.bootstrapServers())
                        .certificateAuthority(security.authority())
                        .credentials(new CloudKeyCredentials(tenant.keyId(), tenant.secret()))
                        .build();
    }

    @AfterEach
    void stopCluster() {
        client.close();
        dispatcher.close();
        keys.close();
        kafka.close();
    }

    @Test
    void callsWaitOrFailAtOnceWhileNobodyServesTheirMachineType() throws Exception {
        try (Agent _ = agent("small", XS)) {
            try (Agent _ = agent("large", S)) {
                assertThat(twice(machineType(S), whenUnserved(FAIL)).call(2)).isEqualTo(4);
            }
            await().atMost(LONG_ENOUGH)
                    .untilAsserted(() ->
                            assertThatThrownBy(
                                            () -> twice(machineType(S), whenUnserved(FAIL)).call(2))
                                    .isInstanceOf(UnservedException.class)
                                    .hasMessageContaining("machine type S (served: XS)"));
            assertThat(lines).isEmpty();

            long begin = System.nanoTime();
            assertThatThrownBy(() -> twice(machineType(S), whenUnserved(FAIL)).call(2))
                    .isInstanceOf(UnservedException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONG_ENOUGH);
            CompletableFuture<Integer> waiting = twice(machineType(S)).submit(3);
            await().atMost(LONG_ENOUGH).until(() -> lines.size() == 1);
            assertThat(isolated(Errands::nestedOn, here()).call(S, true))
                    .startsWith("UnservedException: nested: no live agent serves machine type S");
            CompletableFuture<String> nested = isolated(Errands::nestedOn, here()).submit(S, false);
            await().atMost(LONG_ENOUGH).until(() -> lines.size() == 2);
            assertThat(waiting).isNotDone();
            assertThat(nested).isNotDone();
            assertThat(lines)
                    .allSatisfy(line ->
                            assertThat(line).contains("no live agent serves machine type S"));

            try (Agent _ = agent("large", S)) {
                assertThat(waiting.get(2, TimeUnit.MINUTES)).isEqualTo(6);
                assertThat(nested.get(2, TimeUnit.MINUTES)).isEqualTo("4");
                assertThat(lines).hasSize(2);
            }
        }
    }

    private Agent agent(String id, String machineType) throws InterruptedException {
        return Agent.start(
                AgentConfig.of(
                                id,
                                kafka.bootstrapServers(),
                                Map.of(machineType, 1),
                                folder.resolve(id))
                        .withSecretsKeyFile(folder.resolve("secrets.key"))
                        .withCredentials(operator, access()),
                new SimpleMeterRegistry(),
                InstantSource.system());
    }

    private Map<String, String> access() {
        return KafkaAccess.settings(operator, Optional.of(security.authority()));
    }

    private Option[] here() {
        return new Option[] {host(cloud(client)), logs(this::note)};
    }

    private void note(LogLine line) {
        lines.add(line.text());
    }

    private IsolatedFunction1<Integer, Integer> twice(Option... options) {
        return isolated(Errands::twice, here()).on(options);
    }
}
