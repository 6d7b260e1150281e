package dev.athanor.agent.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.SlotStatus;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong ticks = new AtomicLong();
    private final AtomicInteger free = new AtomicInteger(1);
    private final AtomicInteger givenUp = new AtomicInteger();
    private final Life life =
            new Life(
                    Duration.ofSeconds(10),
                    ticks::get,
                    InstantSource.fixed(Instant.ofEpochMilli(500)));
    private final MockProducer<byte[], byte[]> producer = producer(true);
    private final Heartbeat heartbeat = heartbeat(producer);

    @AfterEach
    void close() {
        heartbeat.close();
    }

    @Test
    void itBeatsOnceASecondWhileNothingChanges() throws Exception {
        heartbeat.start(Duration.ofSeconds(10));
        assertThat(beats()).hasSize(1);

        ticks.addAndGet(SECOND);

        await().until(() -> beats().size() == 2);
        assertThat(beats().getLast().getEpoch()).isEqualTo(500);
    }

    @Test
    void aChangeIsToldAtOnce() throws Exception {
        heartbeat.start(Duration.ofSeconds(10));

        free.set(0);

        await().until(() -> beats().size() == 2);
        assertThat(beats().getLast().getSlots().getFirst().getFree()).isZero();
    }

    @Test
    void whatRunsIsGivenUpOnceNoHeartbeatIsDurableAndTheNextLifeBegins() throws Exception {
        heartbeat.start(Duration.ofSeconds(10));
        Life.Span first = life.current();

        // The producer takes heartbeats, and none of them becomes durable: one jump stands for all.
        ticks.addAndGet(11 * SECOND);

        await().until(() -> givenUp.get() == 1);
        assertThat(first.isOver()).isTrue();
        assertThat(life.current().epoch()).isGreaterThan(first.epoch());
        await().until(() -> beats().getLast().getEpoch() == life.current().epoch());
    }

    @Test
    void itSaysWhenKafkaTakesNoHeartbeat() {
        try (Heartbeat unheard = heartbeat(producer(false))) {
            assertThatThrownBy(() -> unheard.start(Duration.ofMillis(100)))
                    .isInstanceOf(ClusterUnreachableException.class);
        }
    }

    @Test
    void itTakesLeave() throws Exception {
        heartbeat.start(Duration.ofSeconds(10));
        heartbeat.close();

        ProducerRecord<byte[], byte[]> last = producer.history().getLast();
        assertThat(last.topic()).isEqualTo(Topics.AGENTS);
        assertThat(last.key()).isEqualTo(new byte[] {'a'});
        assertThat(last.value()).isNull();
    }

    private Heartbeat heartbeat(MockProducer<byte[], byte[]> to) {
        return new Heartbeat(
                "a",
                BeatSettings.defaults(),
                life,
                this::status,
                givenUp::incrementAndGet,
                to,
                ticks::get);
    }

    private AgentStatus status(long epoch) {
        return new AgentStatus(
                "a",
                epoch,
                "",
                0L,
                List.of(new SlotStatus("M", 1, free.get(), false, null)),
                List.of(),
                List.of(),
                false);
    }

    private List<AgentStatus> beats() {
        return producer.history().stream()
                .filter(record -> record.value() != null)
                .map(record -> Codec.current().decode(record.value(), AgentStatus.class))
                .toList();
    }

    private static MockProducer<byte[], byte[]> producer(boolean completes) {
        return new MockProducer<>(
                completes, null, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
