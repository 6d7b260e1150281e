package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.BrokerSecurity;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.TlsFiles;
import dev.athanor.schemas.cluster.KeyAdmin;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.KafkaAccess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in by the door of a cluster that asks for keys. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HttpKeysIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private static Path folder;
    private static Credentials operator;
    private static EmbeddedKafka kafka;
    private static Dispatcher dispatcher;
    private static KeyAdmin keys;
    private static DescribedHttp http;

    @BeforeAll
    static void start() throws Exception {
        operator = KeyAdmin.operator();
        BrokerSecurity security =
                new BrokerSecurity(TlsFiles.in(folder.resolve("tls")), Set.of(operator.keyId()));
        kafka = EmbeddedKafka.startSecured(folder.resolve("kafka"), 0, security);
        try (KeyAdmin first =
                KeyAdmin.connect(kafka.internalAccess(), PATIENCE, InstantSource.system())) {
            first.registerOperator(operator, "first");
        }
        Map<String, String> access =
                KafkaAccess.settings(operator, Optional.of(security.authority()));
        dispatcher =
                Dispatcher.start(
                        DispatcherConfig.of("door", kafka.bootstrapServers())
                                .withCredentials(operator, access)
                                .withHttp(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
        keys = KeyAdmin.connect(kafka.internalAccess(), PATIENCE, InstantSource.system());
        http = new DescribedHttp(dispatcher.http().orElseThrow());
    }

    @AfterAll
    static void stop() {
        http.close();
        keys.close();
        dispatcher.close();
        kafka.close();
    }

    @Test
    void whatAnybodyMayAskNeedsNoKeyAndAllElseDoes() throws Exception {
        assertThat(http.get("/live").statusCode()).isEqualTo(200);
        assertThat(http.get("/v1/openapi.json").statusCode()).isEqualTo(200);

        HttpResponse<String> refused = http.get("/v1/queues");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer");
    }

    @Test
    void aTenantSeesTheQueuesAndOnlyAnOperatorTheAgents() throws Exception {
        Credentials acme = keys.createForTenant("acme", "laptop");

        assertThat(get("/v1/queues", acme).statusCode()).isEqualTo(200);
        assertThat(get("/v1/agents", acme).statusCode()).isEqualTo(403);
        assertThat(get("/v1/queues", operator).statusCode()).isEqualTo(200);
        assertThat(get("/v1/agents", operator).statusCode()).isEqualTo(200);
    }

    @Test
    void wrongSecretsUnknownKeysAndHalfOnesAreRefusedAlike() throws Exception {
        Credentials acme = keys.createForTenant("acme", "laptop");
        Credentials other = keys.createForTenant("other", "laptop");

        String wrong = get("/v1/queues", new Credentials(acme.keyId(), other.secret())).body();
        String unknown = get("/v1/queues", new Credentials("nobody", acme.secret())).body();
        assertThat(wrong).contains("urn:athanor:problem:unauthorized").isEqualTo(unknown);
        for (String header : new String[] {"Bearer ", "Bearer a:", "Bearer a", "Basic YTpi", ""}) {
            assertThat(http.get("/v1/queues", "Authorization", header).statusCode())
                    .as(header)
                    .isEqualTo(401);
        }
    }

    @Test
    void aRevokedKeyIsNoLongerLetIn() throws Exception {
        Credentials acme = keys.createForTenant("acme", "laptop");
        assertThat(get("/v1/queues", acme).statusCode()).isEqualTo(200);

        keys.revoke(acme.keyId());

        await().atMost(PATIENCE).until(() -> get("/v1/queues", acme).statusCode() == 401);
    }

    private static HttpResponse<String> get(String path, Credentials key) throws Exception {
        return http.get(path, "Authorization", "Bearer " + key.keyId() + ":" + key.secret());
    }
}
