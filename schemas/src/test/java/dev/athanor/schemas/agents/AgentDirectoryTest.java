package dev.athanor.schemas.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentDirectoryTest {
    private static final TopicPartition PARTITION = new TopicPartition(Topics.AGENTS, 0);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong ticks = new AtomicLong(-5 * SECOND);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final AgentDirectory directory = follow();
    private long offset;

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void theLastHeartbeatOfAnAgentCounts() {
        beat("a", 1);
        beat("b", 1);
        beat("a", 2);

        await().until(() -> directory.view().agents().size() == 2);
        assertThat(directory.view().find("a").orElseThrow().status().getEpoch()).isEqualTo(2);
        assertThat(directory.view().find("c")).isEmpty();
    }

    @Test
    void anAgentThatClosesIsGone() {
        beat("a", 1);
        await().until(() -> directory.view().find("a").isPresent());

        record("a", null);

        await().until(() -> directory.view().find("a").isEmpty());
    }

    @Test
    void whatCannotBeReadIsCountedAndDropped() {
        beat("a", 1);
        record("a", new byte[] {1, 2, 3});
        record(null, new byte[] {1});

        await().until(() -> directory.dropped() == 2);
        assertThat(directory.view().find("a")).isPresent();
    }

    @Test
    void silenceIsWhatTheReaderKnowsToBeOne() {
        beat("a", 1);
        await().until(() -> directory.view().find("a").isPresent());
        SeenAgent seen = directory.view().find("a").orElseThrow();

        ticks.addAndGet(20 * SECOND);

        await().until(() -> directory.view().silence(seen).compareTo(Duration.ofSeconds(20)) >= 0);
        assertThat(directory.view().includes(seen.seenAtNanos())).isTrue();
    }

    @Test
    void aReaderThatIsCutOffFindsNobodySilent() {
        beat("a", 1);
        await().until(() -> directory.view().find("a").isPresent());
        SeenAgent seen = directory.view().find("a").orElseThrow();
        consumer.setOffsetsException(new KafkaException("cut off"));

        ticks.addAndGet(20 * SECOND);
        record("b", null);

        await().until(() -> directory.view().isComplete());
        assertThat(directory.view().silence(seen)).isLessThan(Duration.ofSeconds(20));
    }

    private AgentDirectory follow() {
        consumer.updatePartitions(
                Topics.AGENTS, List.of(new PartitionInfo(Topics.AGENTS, 0, null, null, null)));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 0L));
        return AgentDirectory.follow(consumer, ticks::get, Duration.ofSeconds(1));
    }

    private void beat(String agent, long epoch) {
        record(
                agent,
                Codec.current()
                        .encode(
                                new AgentStatus(
                                        agent, epoch, "", 0L, List.of(), List.of(), List.of(),
                                        false)));
    }

    private void record(String agent, byte[] value) {
        await().until(() -> !consumer.assignment().isEmpty());
        byte[] key = agent == null ? null : agent.getBytes(StandardCharsets.UTF_8);
        consumer.addRecord(new ConsumerRecord<>(Topics.AGENTS, 0, offset, key, value));
        offset++;
        consumer.updateEndOffsets(Map.of(PARTITION, offset));
    }
}
