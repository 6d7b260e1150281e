package dev.athanor.dispatcher.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Signature;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.attempt.Attempts;
import dev.athanor.schemas.keys.Caller;
import dev.athanor.schemas.keys.Refusal;
import dev.athanor.schemas.keys.RefusedException;
import dev.athanor.schemas.keys.Trust;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/**
 * What a lane holds on a cluster with credentials: what is believed is sealed, and nothing else.
 */
class LaneDrainTest {
    private static final Lane LANE = new Lane("agent-1", "M");
    private static final Signature SEAL =
            new Signature("operator.1", 7L, ByteBuffer.wrap(new byte[] {1}));

    private final MockProducer<byte[], byte[]> producer = producer();

    @Test
    void whatIsBelievedIsSealed() throws Exception {
        drain(true).move(LANE, record(1, 1), true);

        InvocationEnvelope moved = moved();
        assertThat(moved.getSeal()).isEqualTo(SEAL);
        assertThat(moved.getAttempt()).isEqualTo(1);
        assertThat(moved.getLossesBeforeStart()).isZero();
    }

    @Test
    void whatTheDeadAgentHadTakenIsSealedWithItsLoss() throws Exception {
        drain(true).move(LANE, record(2, 1), false);

        assertThat(moved().getSeal()).isEqualTo(SEAL);
        assertThat(moved().getAttempt()).isEqualTo(2);
        assertThat(moved().getLostAgents()).containsExactly("agent-1");
    }

    /** An agent refuses it then: a seal here would make a replay as good as new. */
    @Test
    void whatIsNotBelievedGoesOnAsItIs() throws Exception {
        ConsumerRecord<byte[], byte[]> fresh = record(1, 1);
        ConsumerRecord<byte[], byte[]> redelivered = record(2, 1);
        drain(false).move(LANE, fresh, true);
        drain(false).move(LANE, redelivered, false);

        assertThat(producer.history())
                .extracting(ProducerRecord::topic, ProducerRecord::value)
                .containsExactly(
                        tuple(Topics.invocations("M"), fresh.value()),
                        tuple(Topics.invocations("M"), redelivered.value()));
    }

    @Test
    void theLossOfACallIsToldToWhoeverSignedIt() throws Exception {
        drain(true).move(LANE, record(2, 3), false);

        assertThat(producer.history())
                .extracting(ProducerRecord::topic)
                .containsExactly(Topics.DEAD_LETTERS, Topics.replies("acme"));
    }

    private LaneDrain drain(boolean believes) {
        return new LaneDrain(
                producer,
                new FakeTrust(believes),
                new Attempts(3),
                InstantSource.fixed(Instant.EPOCH));
    }

    private InvocationEnvelope moved() {
        ProducerRecord<byte[], byte[]> record = producer.history().getLast();
        assertThat(record.topic()).isEqualTo(Topics.invocations("M"));
        return Codec.current().decode(record.value(), InvocationEnvelope.class);
    }

    private static ConsumerRecord<byte[], byte[]> record(int deliveryCount, int attempt) {
        Invocation invocation =
                Invocation.newBuilder()
                        .setCorrelationId("id")
                        .setCreatedAt(0)
                        .setFunction(ByteBuffer.allocate(0))
                        .setArguments(new Payload(PayloadCodec.JAVA, ByteBuffer.allocate(0), null))
                        .setReplyPartition(0)
                        .setLimits(new Limits())
                        .build();
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder()
                        .setInvocation(ByteBuffer.wrap(Codec.current().encode(invocation)))
                        .setAttempt(attempt)
                        .build();
        return new ConsumerRecord<>(
                LANE.topic(),
                0,
                1L,
                0L,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                new byte[] {1},
                Codec.current().encode(envelope),
                new RecordHeaders(),
                Optional.empty(),
                Optional.of((short) deliveryCount));
    }

    private static MockProducer<byte[], byte[]> producer() {
        Node node = new Node(1, "localhost", 1);
        Node[] none = {};
        Cluster cluster =
                new Cluster(
                        "cluster",
                        List.of(node),
                        List.of(new PartitionInfo(Topics.replies("acme"), 0, node, none, none)),
                        Set.of(),
                        Set.of());
        return new MockProducer<>(
                cluster, true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private record FakeTrust(boolean believes) implements Trust {
        @Override
        public Caller caller(
                ConsumerRecord<byte[], byte[]> record,
                InvocationEnvelope envelope,
                String correlationId) {
            if (!believes) {
                throw new RefusedException(Refusal.STALE, "replayed");
            }
            return new Caller("acme", Optional.empty());
        }

        @Override
        public String owner(InvocationEnvelope envelope) {
            return "acme";
        }

        @Override
        public Optional<String> canceller(
                ConsumerRecord<byte[], byte[]> record, SignedEnvelope envelope) {
            throw new UnsupportedOperationException("a dispatcher reads no cancellations");
        }

        @Override
        public InvocationEnvelope sealed(InvocationEnvelope envelope) {
            return InvocationEnvelope.newBuilder(envelope).setSeal(SEAL).build();
        }

        @Override
        public SignedEnvelope signed(byte[] content) {
            throw new UnsupportedOperationException("nobody asks a drain");
        }
    }
}
