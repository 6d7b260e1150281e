package dev.athanor.agent.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.agent.call.ActiveCall;
import dev.athanor.agent.call.CallEnd;
import dev.athanor.agent.call.CallSession;
import dev.athanor.agent.call.CallStart;
import dev.athanor.agent.call.Delivery;
import dev.athanor.agent.call.KnownFunctions;
import dev.athanor.agent.kafka.Publisher;
import dev.athanor.agent.life.Lives;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.attempt.Attempts;
import dev.athanor.schemas.keys.OneTenant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What becomes of records that are not run where they were taken. */
class LaneTurnTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_000));
    private static final Lane OWN = new Lane("agent-1", "M");
    private static final Lane OTHER = new Lane("agent-2", "M");
    private static final String QUEUE = Topics.invocations("M");

    private final FakeSource source = new FakeSource();
    private final MockProducer<byte[], byte[]> producer = producer();

    @Test
    void whatFindsNoSlotGoesIntoTheQueueAsItIs() throws Exception {
        turn(producer).handBack(source, List.of(of(OWN.topic(), 1)));

        assertThat(envelopes(producer, QUEUE)).containsExactly(Deliveries.envelope("id-0", 1));
        assertThat(source.events).containsExactly("accept 0");
    }

    @Test
    void whatWasLostWithAnAgentIsLeftToSupervisionEvenWithoutASlot() throws Exception {
        turn(producer).handBack(source, List.of(of(OWN.topic(), 2)));

        assertThat(topics(producer)).containsExactly(Topics.RUNNING);
        assertThat(source.events).containsExactly("accept 0");
    }

    @Test
    void theLaneOfAnotherAgentIsNotOurs() throws Exception {
        turn(producer).handBack(source, List.of(of(OTHER.topic(), 1)));

        assertThat(topics(producer)).containsExactly(Topics.DEAD_LETTERS);
    }

    @Test
    void aProbeIsDropped() throws Exception {
        ConsumerRecord<byte[], byte[]> probe = new ConsumerRecord<>(OWN.topic(), 0, 0, null, null);

        turn(producer).handBack(source, List.of(probe));

        assertThat(topics(producer)).isEmpty();
        assertThat(source.events).containsExactly("accept 0");
    }

    @Test
    void whatIsHotElsewhereIsLedThereAndCountsAHop() throws Exception {
        serve(producer);

        assertThat(envelopes(producer, OTHER.topic()))
                .singleElement()
                .satisfies(envelope -> {
                    assertThat(envelope.getHops()).isEqualTo(1);
                    assertThat(envelope.getAttempt()).isEqualTo(1);
                });
        assertThat(source.events).containsExactly("accept 0");
    }

    @Test
    void whatALeavingAgentRefusesGoesIntoTheQueue() throws Exception {
        Refusing refusing = new Refusing();

        serve(refusing);

        assertThat(envelopes(refusing, QUEUE))
                .extracting(InvocationEnvelope::getHops)
                .containsExactly(0);
        assertThat(source.events).containsExactly("accept 0");
    }

    private void serve(MockProducer<byte[], byte[]> to) throws InterruptedException {
        turn(to).serve(
                        source,
                        List.of(of(QUEUE, 1)),
                        new FetchSize(),
                        Lives.announced(() -> 0, CLOCK).current());
    }

    private static ConsumerRecord<byte[], byte[]> of(String topic, int deliveryCount) {
        return Deliveries.record(
                topic, 0, deliveryCount, Codec.current().encode(Deliveries.envelope("id-0", 1)));
    }

    private static Turn turn(MockProducer<byte[], byte[]> to) {
        AgentMetrics metrics = new AgentMetrics(new SimpleMeterRegistry());
        return new Turn(
                new DeliveryReader(
                        "agent-1",
                        new OneTenant("default"),
                        new KnownFunctions(Map.of(), (tenant, name) -> Optional.empty())),
                HotElsewhere::new,
                new Records(
                        "agent-1",
                        new Publisher(to, new OneTenant("default")),
                        new Attempts(3),
                        metrics,
                        CLOCK),
                new Escalations(List.of(), machineType -> false),
                machineType -> false,
                Duration.ofMillis(250),
                metrics,
                CLOCK);
    }

    private static List<String> topics(MockProducer<byte[], byte[]> of) {
        return of.history().stream().map(ProducerRecord::topic).toList();
    }

    private static List<InvocationEnvelope> envelopes(
            MockProducer<byte[], byte[]> of, String topic) {
        return of.history().stream()
                .filter(record -> record.topic().equals(topic))
                .map(record -> Codec.current().decode(record.value(), InvocationEnvelope.class))
                .toList();
    }

    private static MockProducer<byte[], byte[]> producer() {
        Node node = new Node(1, "localhost", 1);
        PartitionInfo running =
                new PartitionInfo(Topics.RUNNING, 0, node, new Node[0], new Node[0]);
        Cluster cluster =
                new Cluster("cluster", List.of(node), List.of(running), Set.of(), Set.of());
        return new MockProducer<>(
                cluster, true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Refuses what goes into a lane, as a broker does whose lane is fenced. */
    private static final class Refusing extends MockProducer<byte[], byte[]> {
        Refusing() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (Lane.ofTopic(record.topic()).isEmpty()) {
                return super.send(record, callback);
            }
            callback.onCompletion(null, new RecordTooLargeException("fenced"));
            return new CompletableFuture<>();
        }
    }

    private static final class HotElsewhere implements CallSession {
        @Override
        public ActiveCall start(Delivery delivery, CallStart start) {
            return new ActiveCall() {
                @Override
                public boolean await(Duration timeout) {
                    return true;
                }

                @Override
                public CallEnd join() {
                    return new CallEnd.HotElsewhere(OTHER);
                }

                @Override
                public boolean abandon() {
                    return false;
                }
            };
        }

        @Override
        public Optional<ActiveCall> queue(Delivery delivery) {
            return Optional.empty();
        }

        @Override
        public void flush() {}

        @Override
        public void withdraw() {}

        @Override
        public void kill() {}
    }
}
