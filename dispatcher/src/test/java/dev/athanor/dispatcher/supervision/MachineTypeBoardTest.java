package dev.athanor.dispatcher.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.MachineSize;
import dev.athanor.schemas.MachineTypeStatus;
import dev.athanor.schemas.SlotStatus;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.agents.AgentDirectory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MachineTypeBoardTest {
    private static final TopicPartition PARTITION = new TopicPartition(Topics.AGENTS, 0);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final MachineSize SIZE = new MachineSize(2.0, 8L << 30, 0, "");
    private static final MachineTypeStatus SERVED = new MachineTypeStatus("M", SIZE, 1, 2, 0);
    private static final MachineTypeStatus LEFT = new MachineTypeStatus("M", SIZE, 0, 0, 1);
    private static final MachineTypeStatus UNSERVED = new MachineTypeStatus("M", SIZE, 0, 0, 0);

    private final AtomicLong ticks = new AtomicLong(-5 * SECOND);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final MachineTypeBoard board = new MachineTypeBoard(Duration.ofSeconds(10));
    private AgentDirectory agents;
    private long offset;
    private long topicEnd;

    @BeforeEach
    void follow() {
        consumer.updatePartitions(
                Topics.AGENTS, List.of(new PartitionInfo(Topics.AGENTS, 0, null, null, null)));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 0L));
        agents = AgentDirectory.follow(consumer, ticks::get, Duration.ofSeconds(1));
    }

    @AfterEach
    void close() {
        agents.close();
    }

    @Test
    void aTypeIsServedFromTheFirstHeartbeatUntilItsLastAgentLeaves() {
        assertThat(due()).isEmpty();

        pass(1);
        beat(false);
        assertThat(written()).containsExactly(SERVED);
        assertThat(written()).as("said once").isEmpty();
        pass(11);
        beat(true);
        assertThat(written()).containsExactly(LEFT);
        leave();
        assertThat(written()).containsExactly(UNSERVED);
    }

    @Test
    void aTypeIsUnservedWhenItsLastAgentHasBeenSilentForTooLong() {
        due();
        pass(1);
        beat(false);
        written();

        pass(6);
        assertThat(written()).isEmpty();
        pass(4);
        assertThat(written()).containsExactly(UNSERVED);
    }

    @Test
    void whatAnAgentSaidBeforeThisBeganIsNotBelieved() {
        beat(false);
        board.written("M", UNSERVED, 0, ticks.get());

        assertThat(due()).isEmpty();
        pass(11);

        assertThat(due()).isEmpty();
    }

    @Test
    void whatWasServedBeforeThisBeganIsLeftSoUntilItsAgentsCouldHaveBeaten() {
        board.written("M", SERVED, 0, ticks.get());

        assertThat(due()).isEmpty();
        pass(6);
        assertThat(due()).isEmpty();
        pass(4);
        assertThat(due()).containsExactly(UNSERVED);
    }

    @Test
    void whatNobodyServesIsWrittenAnewSoThatItIsBelieved() {
        board.written("M", UNSERVED, 0, ticks.get());
        due();

        pass(26);
        assertThat(written()).isEmpty();
        pass(4);
        assertThat(written()).containsExactly(UNSERVED);
        assertThat(written()).isEmpty();
    }

    @Test
    void whatWasSupersededIsPassedOver() {
        board.written("M", UNSERVED, 7, ticks.get());
        board.written("M", SERVED, 6, ticks.get());
        due();
        pass(11);

        assertThat(due()).isEmpty();
    }

    @Test
    void whatIsGoneFromTheTopicIsWrittenAgain() {
        due();
        pass(1);
        beat(false);
        assertThat(written()).containsExactly(SERVED);

        board.forget("M");

        assertThat(written()).containsExactly(SERVED);
    }

    /** Once everything up to now has been read. */
    private List<MachineTypeStatus> due() {
        long now = ticks.get();
        ticks.addAndGet(SECOND);
        await().until(() -> agents.view().includes(now));
        return board.due(agents.view(), ticks.get());
    }

    private List<MachineTypeStatus> written() {
        List<MachineTypeStatus> due = due();
        due.forEach(status -> board.written(status.getName(), status, ++topicEnd, ticks.get()));
        return due;
    }

    private void pass(int seconds) {
        ticks.addAndGet(seconds * SECOND);
    }

    private void beat(boolean leaves) {
        record(
                Codec.current()
                        .encode(
                                new AgentStatus(
                                        "a",
                                        1L,
                                        "",
                                        0L,
                                        List.of(new SlotStatus("M", 2, 2, false, SIZE)),
                                        List.of(),
                                        List.of(),
                                        leaves)));
    }

    private void leave() {
        record(null);
    }

    private void record(byte[] value) {
        await().until(() -> !consumer.assignment().isEmpty());
        byte[] key = "a".getBytes(StandardCharsets.UTF_8);
        consumer.addRecord(new ConsumerRecord<>(Topics.AGENTS, 0, offset, key, value));
        offset++;
        consumer.updateEndOffsets(Map.of(PARTITION, offset));
    }
}
