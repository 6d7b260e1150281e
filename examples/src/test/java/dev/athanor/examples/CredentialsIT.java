package dev.athanor.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.api.Athanor;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.CloudKeyCredentials;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.embedded.BrokerSecurity;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.TlsFiles;
import dev.athanor.schemas.cluster.KeyAdmin;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.KafkaAccess;
import dev.athanor.schemas.keys.Profile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the reference says of keys, on a cluster that asks for them. */
class CredentialsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir private static Path folder;
    private static BrokerSecurity security;
    private static EmbeddedKafka kafka;
    private static Agent agent;
    private static Credentials key;

    @BeforeAll
    static void start() throws Exception {
        Credentials operator = KeyAdmin.operator();
        security = new BrokerSecurity(TlsFiles.in(folder.resolve("tls")), Set.of(operator.keyId()));
        kafka = EmbeddedKafka.startSecured(folder.resolve("kafka"), 0, security);
        try (KeyAdmin keys =
                KeyAdmin.connect(kafka.internalAccess(), TIMEOUT, InstantSource.system())) {
            keys.registerOperator(operator, "");
            key = keys.createForTenant("acme", "");
        }
        agent =
                Agent.start(
                        AgentConfig.of(
                                        "examples",
                                        kafka.bootstrapServers(),
                                        Map.of("XS", 1),
                                        folder.resolve("agent"))
                                .withCredentials(
                                        operator,
                                        KafkaAccess.settings(
                                                operator, Optional.of(security.authority()))),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
    }

    @AfterAll
    static void stop() {
        agent.close();
        kafka.close();
    }

    @Test
    void aKeyInCodeIsAnOptionLikeOthersAndIsNotShown() {
        assertThat(CredentialsExample.MY_FUNCTION.options().credentials())
                .contains(new CloudKeyCredentials("your-key-id", "your-key-secret"));
        assertThat(CredentialsExample.MY_FUNCTION.options().toString())
                .contains("your-key-id")
                .doesNotContain("your-key-secret");
    }

    @Test
    void aClientIsGivenItsKeyInCode() {
        try (AthanorClient client = client(key.keyId(), key.secret());
                AthanorClient stranger = client("your-key-id", "your-key-secret")) {
            assertThat(
                            CredentialsExample.MY_FUNCTION
                                    .on(Athanor.host(Athanor.cloud(client)))
                                    .call())
                    .isEqualTo("hello world");
            assertThatThrownBy(() ->
                            CredentialsExample.MY_FUNCTION
                                    .on(Athanor.host(Athanor.cloud(stranger)))
                                    .call())
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("your-key-id")
                    .hasMessageNotContaining("your-key-secret");
        }
    }

    @Test
    void aProgramTakesItsKeyFromTheEnvironmentOrFromAFile() throws Exception {
        Path profile = folder.resolve("profile");
        Profile.write(profile, key, Optional.of(security.authority()));

        assertThat(
                        run(
                                Map.of(
                                        "ATHANOR_KEY_ID",
                                        key.keyId(),
                                        "ATHANOR_KEY_SECRET",
                                        key.secret(),
                                        "ATHANOR_CA",
                                        security.authority().toString())))
                .containsExactly("hello world");
        assertThat(run(Map.of("ATHANOR_PROFILE", profile.toString())))
                .containsExactly("hello world");
    }

    private static List<String> run(Map<String, String> environment) throws Exception {
        Map<String, String> all = new HashMap<>(environment);
        all.put("ATHANOR_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        return Program.run(CredentialsExample.class, all);
    }

    private static AthanorClient client(String keyId, String secret) {
        return AthanorClient.builder()
                .bootstrapServers(kafka.bootstrapServers())
                .certificateAuthority(security.authority())
                .credentials(new CloudKeyCredentials(keyId, secret))
                .build();
    }
}
