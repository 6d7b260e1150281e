package dev.athanor.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
    @Test
    void namesHoldMachineTypeAndTenant() {
        assertThat(Topics.invocations("GPU-T4")).isEqualTo("athanor.invocations.GPU-T4");
        assertThat(Topics.workersGroup("M")).isEqualTo("athanor.workers.M");
        assertThat(Topics.replies("default")).isEqualTo("athanor.replies.default");
        assertThat(Topics.blobs("acme_2")).isEqualTo("athanor.blobs.acme_2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "../x", "-a", "ü", "a b"})
    void namesThatWouldChangeTheTopicAreRefused(String name) {
        assertThatThrownBy(() -> Topics.invocations(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("machine type '" + name + "'");
        assertThatThrownBy(() -> Topics.replies(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tenant");
    }
}
