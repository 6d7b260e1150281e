package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.BrokerSecurity;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.EmbeddedPostgres;
import dev.athanor.embedded.TlsFiles;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.cluster.ClusterSetup;
import dev.athanor.schemas.cluster.KeyAdmin;
import dev.athanor.schemas.job.KnownJob;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.KafkaAccess;
import dev.athanor.schemas.keys.Signer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
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
    private static EmbeddedPostgres postgres;
    private static Credentials operator;
    private static EmbeddedKafka kafka;
    private static Dispatcher dispatcher;
    private static KeyAdmin keys;
    private static DescribedHttp http;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"));
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
        Map<String, Object> admins = new HashMap<>(kafka.internalAccess());
        try (Admin admin = Admin.create(admins)) {
            new ClusterSetup(admin, PATIENCE).apply(List.of("acme", "other"), List.of("XS"));
        }
        dispatcher =
                Dispatcher.start(
                        DispatcherConfig.of("door", kafka.bootstrapServers())
                                .withCredentials(operator, access)
                                .withDatabase(postgres.url())
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
        postgres.close();
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

    @Test
    void aTenantsJobsAreItsOwnWhateverElseIsSaid() throws Exception {
        Credentials acme = keys.createForTenant("acme", "laptop");
        Credentials other = keys.createForTenant("other", "laptop");
        KnownJob job = JobRequests.job("greet");
        String path = "/v1/jobs/" + job.invocation().getCorrelationId();
        await().atMost(PATIENCE).until(dispatcher::isReady);

        assertThat(submit(job, acme, other)).as("signed by another tenant").isEqualTo(403);
        assertThat(submit(job, operator, other)).as("an operator's signature").isEqualTo(403);
        assertThat(post(job.envelope(), acme)).as("not signed").isEqualTo(403);
        assertThat(submit(job, acme, acme)).isEqualTo(202);

        assertThat(get(path, acme).statusCode()).isEqualTo(200);
        assertThat(get(path, other).statusCode()).isEqualTo(404);
        assertThat(get(path + "?tenant=acme", other).statusCode()).isEqualTo(404);
        assertThat(get(path + "/result", other).statusCode()).isEqualTo(404);
        assertThat(get("/v1/jobs", acme).body()).contains(job.invocation().getCorrelationId());
        assertThat(get("/v1/jobs?tenant=acme", other).body())
                .doesNotContain(job.invocation().getCorrelationId());
        assertThat(get(path, operator).statusCode()).isEqualTo(400);
        assertThat(get(path + "?tenant=acme", operator).statusCode()).isEqualTo(200);
        assertThat(http.get(path).statusCode()).isEqualTo(401);
    }

    @Test
    void aTenantsFunctionsAreItsOwn() throws Exception {
        Credentials acme = keys.createForTenant("acme", "laptop");
        Credentials other = keys.createForTenant("other", "laptop");
        await().atMost(PATIENCE).until(dispatcher::isReady);
        String path = "/v1/functions/greet";
        String deployment =
                """
                {"language": "PYTHON", "machineType": "XS",
                 "entryPoint": {"owner": "greetings", "name": "greet"}}
                """;

        assertThat(send("PUT", path, deployment, acme)).isEqualTo(201);

        assertThat(get(path, acme).statusCode()).isEqualTo(200);
        assertThat(get(path, other).statusCode()).isEqualTo(404);
        assertThat(get("/v1/functions?tenant=acme", other).body()).doesNotContain("greet");
        assertThat(send("POST", path + "/jobs", "[]", other)).isEqualTo(404);
        assertThat(send("DELETE", path, "", other)).isEqualTo(404);
        assertThat(http.get(path).statusCode()).isEqualTo(401);
        assertThat(send("POST", path + "/jobs", "[]", acme)).isEqualTo(202);
        assertThat(send("POST", path + "/jobs", "[]", operator)).isEqualTo(400);
        assertThat(send("POST", path + "/jobs?tenant=acme", "[]", operator)).isEqualTo(202);
    }

    private static int send(String method, String path, String body, Credentials key)
            throws Exception {
        return http.send(
                        http.request(path)
                                .header("Content-Type", "application/json")
                                .header(
                                        "Authorization",
                                        "Bearer " + key.keyId() + ":" + key.secret())
                                .method(method, BodyPublishers.ofString(body)))
                .statusCode();
    }

    private static int submit(KnownJob job, Credentials signer, Credentials bearer)
            throws Exception {
        return post(JobRequests.signed(job, Signer.of(signer, InstantSource.system())), bearer);
    }

    private static int post(InvocationEnvelope envelope, Credentials bearer) throws Exception {
        return http.send(
                        http.request("/v1/jobs")
                                .header("Content-Type", JobsResource.INVOCATION)
                                .header(
                                        "Authorization",
                                        "Bearer " + bearer.keyId() + ":" + bearer.secret())
                                .POST(BodyPublishers.ofByteArray(Codec.current().encode(envelope))))
                .statusCode();
    }

    private static HttpResponse<String> get(String path, Credentials key) throws Exception {
        return http.get(path, "Authorization", "Bearer " + key.keyId() + ":" + key.secret());
    }
}
