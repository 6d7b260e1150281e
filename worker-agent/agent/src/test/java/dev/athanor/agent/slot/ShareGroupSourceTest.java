package dev.athanor.agent.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

class ShareGroupSourceTest {
    private static final TopicIdPartition QUEUE =
            new TopicIdPartition(Uuid.randomUuid(), 0, "queue");

    private final FailingConsumer consumer = new FailingConsumer();
    private final ShareGroupSource source = new ShareGroupSource("queue", maxRecords -> consumer);

    @Test
    void wakeUpThatCameTooLateForAPollFailsNoCommit() {
        consumer.next = new WakeupException();

        source.commit();

        assertThat(consumer.commits).isEqualTo(2);
    }

    @Test
    void commitThatKafkaRefusesFails() {
        consumer.refusal = Optional.of(new DisconnectException("gone"));

        assertThatThrownBy(source::commit).isInstanceOf(DisconnectException.class);
    }

    private static final class FailingConsumer extends MockShareConsumer<byte[], byte[]> {
        private KafkaException next;
        private Optional<KafkaException> refusal = Optional.empty();
        private int commits;

        @Override
        public synchronized Map<TopicIdPartition, Optional<KafkaException>> commitSync() {
            commits++;
            KafkaException failure = next;
            next = null;
            if (failure != null) {
                throw failure;
            }
            return Map.of(QUEUE, refusal);
        }
    }
}
