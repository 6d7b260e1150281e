package dev.athanor.environment.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkPolicyTest {
    @Test
    void deniesMetadataAndWhatWasNamed() {
        NetworkPolicy policy =
                NetworkPolicy.open().denying(List.of("10.1.0.0/16", "192.0.2.77", "10.1.0.0/16"));

        assertThat(policy.ranges())
                .contains("169.254.0.0/16", "10.1.0.0/16", "192.0.2.77/32")
                .doesNotHaveDuplicates();
        assertThat(policy.outbound()).isTrue();
    }

    @Test
    void leavesASandboxItsOwnLoopback() {
        assertThat(NetworkPolicy.open().denying(List.of("localhost")).ranges())
                .noneMatch(range -> range.startsWith("127."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0/33", "300.0.0.0/8", "a b", "-x", "10.0.0.0/8\nroute"})
    void refusesWhatIsNoHostAndNoRange(String denied) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NetworkPolicy(true, List.of(denied)))
                .withMessageContaining("range");
    }
}
