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

    @Test
    void aLaneIsFoundByItsTopicAgain() {
        Lane lane = new Lane("agent-1", "GPU-T4");

        assertThat(lane.topic()).isEqualTo("athanor.lane.agent-1.GPU-T4");
        assertThat(lane.group()).isEqualTo("athanor.lanes.agent-1.GPU-T4");
        assertThat(Lane.ofTopic(lane.topic())).contains(lane);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "athanor.lane.",
                "athanor.lane.a",
                "athanor.lane..M",
                "athanor.lane.a.",
                "athanor.lane.a.b.M",
                "athanor.invocations.M"
            })
    void otherTopicsAreNoLanes(String topic) {
        assertThat(Lane.ofTopic(topic)).isEmpty();
    }

    @Test
    void anAgentThatCannotBePartOfATopicHasNoLane() {
        assertThat(Lane.of("../x", "M")).isEmpty();
        assertThatThrownBy(() -> new Lane("a.b", "M"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("agent 'a.b'");
    }
}
