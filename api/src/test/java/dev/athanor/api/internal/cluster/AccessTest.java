package dev.athanor.api.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.api.CloudKeyCredentials;
import dev.athanor.api.InvalidOptionException;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.api.UnavailableException;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.Profile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
    private static final CloudKeyCredentials IN_CODE =
            new CloudKeyCredentials("acme.1", "secret in code");

    @TempDir private Path home;

    @Test
    void whatIsGivenInCodeGoesFirst() {
        Profile set = profile(Map.of("ATHANOR_KEY_ID", "set.1", "ATHANOR_KEY_SECRET", "set"));

        assertThat(Access.find(IN_CODE, null, set).credentials())
                .contains(new Credentials("acme.1", "secret in code"));
        assertThat(Access.find(null, null, set).credentials())
                .contains(new Credentials("set.1", "set"));
        assertThat(Access.find(null, null, profile(Map.of())).credentials()).isEmpty();
    }

    @Test
    void theAuthorityIsLookedForByItself() {
        Profile set = profile(Map.of("ATHANOR_CA", "/etc/ca.pem"));

        assertThat(Access.find(IN_CODE, null, set).authority()).contains(Path.of("/etc/ca.pem"));
        assertThat(Access.find(IN_CODE, Path.of("/own.pem"), set).authority())
                .contains(Path.of("/own.pem"));
    }

    @Test
    void halfAKeyIsNamedAndOneInCodeDoesNotMind() {
        Profile half = profile(Map.of("ATHANOR_KEY_ID", "set.1"));

        assertThatThrownBy(() -> Access.find(null, null, half))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("ATHANOR_KEY_SECRET is missing");
        assertThat(Access.find(IN_CODE, null, half).credentials()).isPresent();
    }

    @Test
    void theTenantIsWhatTheKeysIdBeginsWith() {
        assertThat(Access.find(IN_CODE, null, profile(Map.of())).tenant()).contains("acme");
        assertThat(access("no-dot").tenant()).isEmpty();
        assertThat(access("not/a/name.1").tenant()).isEmpty();
        assertThat(Access.NONE.tenant()).isEmpty();
    }

    @Test
    void theSecretIsInNoText() {
        Access access = Access.find(IN_CODE, null, profile(Map.of()));
        RealKafkaClients clients =
                new RealKafkaClients("localhost:1", Duration.ofSeconds(1), access, Map.of());

        assertThat(access.settings().get("sasl.jaas.config")).contains("secret in code");
        assertThat(IN_CODE.toString() + access + clients + clients.keyId())
                .contains("acme.1")
                .doesNotContain("secret in code");
        assertThatThrownBy(() -> new CloudKeyCredentials("acme.1", "hush\n"))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageNotContaining("hush");
    }

    @Test
    void failuresOfKeysAreToldFromOthers() {
        assertThat(KafkaFailures.of("it", new KafkaException(new SaslAuthenticationException("x"))))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("its secret is wrong, or it was revoked");
        assertThat(KafkaFailures.of("it", new SslAuthenticationException("x")))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("certificate is not trusted");
        assertThat(KafkaFailures.of("it", new TopicAuthorizationException("t")))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("may not do this");
        assertThat(KafkaFailures.of("it", new TimeoutException("late")))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("it: late");
    }

    private Access access(String keyId) {
        return Access.find(new CloudKeyCredentials(keyId, "s"), null, profile(Map.of()));
    }

    private Profile profile(Map<String, String> environment) {
        return new Profile(environment, home);
    }
}
