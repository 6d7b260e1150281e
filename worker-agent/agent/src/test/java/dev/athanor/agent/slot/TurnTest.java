package dev.athanor.agent.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lease;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.attempt.Attempts;
import dev.athanor.schemas.keys.OneTenant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class TurnTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_000));

    private final List<String> events = new ArrayList<>();
    private final FakeSource source = new FakeSource(events);
    private final MockProducer<byte[], byte[]> producer = producer();
    private final Set<String> longCalls = new HashSet<>();
    private final Set<String> interruptedCalls = new HashSet<>();
    private final Set<String> lifeEndsDuring = new HashSet<>();
    private final Set<String> notStarted = new HashSet<>();
    private final Set<String> lostCalls = new HashSet<>();
    private final Set<String> preparing = new HashSet<>();
    private final AtomicLong ticks = new AtomicLong();
    private boolean queues;
    private boolean takesMany;

    @Test
    void eachCallIsRepliedToBeforeItIsAccepted() throws Exception {
        serve(Deliveries.record(0, 1, 1), Deliveries.record(1, 1, 1));

        assertThat(events).containsExactly("run id-0", "run id-1", "accept 0", "accept 1");
        assertThat(sent(Topics.replies("default")))
                .extracting(record -> ((Reply) record).getCorrelationId())
                .containsExactly("id-0", "id-1");
    }

    @Test
    void aLongCallGoesOverToALeaseAndTheRestGoesBack() throws Exception {
        longCalls.add("id-1");

        serve(
                Deliveries.record(0, 1, 1),
                Deliveries.record(1, 1, 1),
                Deliveries.record(2, 1, 1),
                Deliveries.record(3, 1, 1));

        assertThat(events)
                .containsExactly(
                        "run id-0",
                        "run id-1",
                        "accept 0",
                        "accept 2",
                        "accept 3",
                        "accept 1",
                        "commit",
                        "joined id-1");
        assertThat(sent(Deliveries.TOPIC))
                .extracting(record -> ((InvocationEnvelope) record).getAttempt())
                .containsExactly(1, 1);
        List<SpecificRecordBase> running = sent(Topics.RUNNING);
        assertThat(((Lease) running.get(0)).getCorrelationId()).isEqualTo("id-1");
        assertThat(running.get(1)).as("the lease's end").isNull();
        assertThat(topics())
                .containsSubsequence(Topics.RUNNING, Topics.replies("default"), Topics.RUNNING);
    }

    @Test
    void whatWasLostWithAnAgentThatTakesOneAtATimeHadStarted() throws Exception {
        serve(Deliveries.record(0, 2, 1), Deliveries.record(1, 1, 1));

        assertThat(events).containsExactly("run id-1", "accept 0", "accept 1");
        Lease left = (Lease) sent(Topics.RUNNING).getFirst();
        assertThat(left.getEpoch()).as("nobody's").isZero();
        assertThat(left.getStarted()).isTrue();
        assertThat(sent(Deliveries.TOPIC)).isEmpty();
    }

    @Test
    void whatWasLostWithAnAgentThatTakesManyCostsNobodyAnAttempt() throws Exception {
        takesMany = true;

        serve(Deliveries.record(0, 2, 1), Deliveries.record(1, 3, 1), Deliveries.record(2, 1, 1));

        assertThat(events).containsExactly("run id-2", "accept 0", "accept 1", "accept 2");
        assertThat(sent(Topics.RUNNING))
                .extracting(record -> ((Lease) record).getStarted())
                .containsExactly(false, false);
    }

    @Test
    void aSuspectsStartIsWrittenDownBeforeItRuns() throws Exception {
        serve(Deliveries.record(0, 1, 2));

        assertThat(events).containsExactly("commit", "accept 0", "commit", "run id-0");
        List<SpecificRecordBase> running = sent(Topics.RUNNING);
        assertThat(((Lease) running.get(0)).getStarted()).isFalse();
        assertThat(((Lease) running.get(1)).getStarted()).isTrue();
        assertThat(running.get(2)).as("the lease's end").isNull();
    }

    @Test
    void aLeaseOfACallThatIsBeingPreparedSaysSo() throws Exception {
        longCalls.add("id-0");
        preparing.add("id-0");

        serve(Deliveries.record(0, 1, 1));

        assertThat(((Lease) sent(Topics.RUNNING).getFirst()).getStarted()).isFalse();
    }

    @Test
    void theThirdAttemptThatTheAgentClosesOnIsTheLast() {
        longCalls.add("id-0");
        interruptedCalls.add("id-0");

        assertThatThrownBy(() -> serve(Deliveries.record(0, 1, 3)))
                .isInstanceOf(InterruptedException.class);

        Reply reply = (Reply) sent(Topics.replies("default")).getFirst();
        assertThat(reply.getOutcome()).isEqualTo(Outcome.LOST);
        assertThat(reply.getFailure().getMessage()).contains("3 attempts");
        DeadLetter letter = (DeadLetter) sent(Topics.DEAD_LETTERS).getFirst();
        assertThat(letter.getReason()).isEqualTo(DeadLetterReason.ATTEMPTS_EXHAUSTED);
        assertThat(sent(Deliveries.TOPIC)).isEmpty();
    }

    @Test
    void aSuspectRunsLastAndWithNothingElseAtStake() throws Exception {
        serve(Deliveries.record(0, 1, 2), Deliveries.record(1, 1, 1));

        assertThat(events)
                .containsExactly(
                        "run id-1", "accept 1", "commit", "accept 0", "commit", "run id-0");
    }

    @Test
    void whatCannotBeReadIsADeadLetterAndTheRestRuns() throws Exception {
        serve(Deliveries.record(0, 1, new byte[] {1, 2, 3}), Deliveries.record(1, 1, 1));

        DeadLetter letter = (DeadLetter) sent(Topics.DEAD_LETTERS).getFirst();
        assertThat(letter.getReason()).isEqualTo(DeadLetterReason.UNDECODABLE);
        assertThat(letter.getValue().array()).containsExactly(1, 2, 3);
        assertThat(events).containsExactly("run id-1", "accept 0", "accept 1");
    }

    @Test
    void anInvocationOfAnotherQueueIsADeadLetter() throws Exception {
        InvocationEnvelope elsewhere =
                InvocationEnvelope.newBuilder(Deliveries.envelope("id-0", 1))
                        .setInvocation(
                                ByteBuffer.wrap(
                                        Codec.current()
                                                .encode(Deliveries.invocation("id-0", "XL"))))
                        .build();

        serve(Deliveries.record(0, 1, Codec.current().encode(elsewhere)));

        DeadLetter letter = (DeadLetter) sent(Topics.DEAD_LETTERS).getFirst();
        assertThat(letter.getMessage()).contains("machine type 'XL'");
        assertThat(events).containsExactly("accept 0");
    }

    @Test
    void whatEndsWithTheAgentGoesBackForItsNextAttempt() {
        longCalls.add("id-0");
        interruptedCalls.add("id-0");

        assertThatThrownBy(() -> serve(Deliveries.record(0, 1, 1)))
                .isInstanceOf(InterruptedException.class);

        InvocationEnvelope next = (InvocationEnvelope) sent(Deliveries.TOPIC).getFirst();
        assertThat(next.getAttempt()).isEqualTo(2);
        assertThat(next.getLostAgents()).containsExactly("agent-1");
        assertThat(sent(Topics.RUNNING)).last().isNull();
        assertThat(sent(Topics.replies("default"))).isEmpty();
    }

    @Test
    void whatHasNotStartedWhenTheAgentClosesIsNotCharged() {
        longCalls.add("id-0");
        interruptedCalls.add("id-0");
        preparing.add("id-0");

        assertThatThrownBy(() -> serve(Deliveries.record(0, 1, 1)))
                .isInstanceOf(InterruptedException.class);

        assertThat(events).contains("abandon id-0");
        InvocationEnvelope next = (InvocationEnvelope) sent(Deliveries.TOPIC).getFirst();
        assertThat(next.getAttempt()).isEqualTo(1);
        assertThat(next.getLostAgents()).isEmpty();
    }

    @Test
    void anAgentWhoseLifeIsOverLeavesItsLeaseToOthersAndItsRecordsToTheQueue() {
        longCalls.add("id-0");
        lifeEndsDuring.add("id-0");

        assertThatThrownBy(() -> serve(Deliveries.record(0, 1, 1)))
                .isInstanceOf(InterruptedException.class);

        assertThat(sent(Topics.RUNNING)).as("a lease without its end").singleElement().isNotNull();
        assertThat(sent(Deliveries.TOPIC)).isEmpty();
        assertThat(sent(Topics.replies("default"))).isEmpty();
    }

    @Test
    void anAgentWhoseLifeIsOverReleasesWhatItHolds() {
        lifeEndsDuring.add("id-0");

        assertThatThrownBy(() -> serve(Deliveries.record(0, 1, 1), Deliveries.record(1, 1, 1)))
                .isInstanceOf(InterruptedException.class);

        assertThat(events).containsExactly("run id-0", "release 0", "release 1");
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void aReplyThatKafkaRefusesReleasesItsRecord() throws Exception {
        producer.sendException = new RecordTooLargeException("big");

        assertThatThrownBy(() -> serve(Deliveries.record(0, 1, 1))).isNotNull();

        assertThat(events).containsExactly("run id-0", "release 0");
    }

    @Test
    void callsOfOneFunctionQueueInOneSandbox() throws Exception {
        queues = true;

        serve(Deliveries.record(0, 1, 1), Deliveries.record(1, 1, 1), Deliveries.record(2, 1, 1));

        assertThat(events)
                .containsExactly(
                        "run id-0", "queue id-1", "queue id-2", "accept 0", "accept 1", "accept 2");
        assertThat(sent(Topics.replies("default"))).hasSize(3);
    }

    @Test
    void whatQueuesBehindALongCallIsWithdrawnAndGoesBack() throws Exception {
        queues = true;
        longCalls.add("id-0");

        serve(Deliveries.record(0, 1, 1), Deliveries.record(1, 1, 1), Deliveries.record(2, 1, 1));

        assertThat(events)
                .containsExactly(
                        "run id-0",
                        "queue id-1",
                        "queue id-2",
                        "withdraw",
                        "accept 1",
                        "accept 2",
                        "accept 0",
                        "commit",
                        "joined id-0");
        assertThat(sent(Deliveries.TOPIC))
                .extracting(record -> ((InvocationEnvelope) record).getAttempt())
                .containsExactly(1, 1);
        assertThat(sent(Topics.replies("default"))).hasSize(1);
    }

    @Test
    void whatTheEndOfASandboxKeptFromStartingIsStartedAgain() throws Exception {
        queues = true;
        notStarted.add("id-1");

        serve(Deliveries.record(0, 1, 1), Deliveries.record(1, 1, 1));

        assertThat(events)
                .containsExactly("run id-0", "queue id-1", "run id-1", "accept 0", "accept 1");
        assertThat(sent(Topics.replies("default"))).hasSize(2);
    }

    @Test
    void whatLostItsSandboxToTheEngineIsTriedAgainAsTheNextAttempt() throws Exception {
        lostCalls.add("id-0");

        serve(Deliveries.record(0, 1, 1));

        InvocationEnvelope next = (InvocationEnvelope) sent(Deliveries.TOPIC).getFirst();
        assertThat(next.getAttempt()).isEqualTo(2);
        assertThat(next.getLostAgents()).containsExactly("agent-1");
        assertThat(events).containsExactly("run id-0", "accept 0");
        assertThat(sent(Topics.replies("default"))).isEmpty();
    }

    @Test
    void nothingQueuesBehindASuspect() throws Exception {
        queues = true;

        serve(Deliveries.record(0, 1, 2), Deliveries.record(1, 1, 1));

        assertThat(events)
                .containsExactly(
                        "run id-1", "accept 1", "commit", "accept 0", "commit", "run id-0");
    }

    private void serve(ConsumerRecord<?, ?>... records) throws InterruptedException {
        AgentMetrics metrics = new AgentMetrics(new SimpleMeterRegistry());
        Records writes =
                new Records(
                        "agent-1",
                        new Publisher(producer, new OneTenant("default")),
                        new Attempts(3),
                        metrics,
                        CLOCK);
        Turn turn =
                new Turn(
                        new DeliveryReader(
                                "agent-1",
                                new OneTenant("default"),
                                new KnownFunctions(Map.of(), (tenant, name) -> Optional.empty())),
                        FakeSession::new,
                        writes,
                        new Escalations(List.of(), machineType -> false),
                        machineType -> takesMany,
                        Duration.ofMillis(250),
                        metrics,
                        CLOCK);
        List<ConsumerRecord<byte[], byte[]>> typed = new ArrayList<>();
        for (ConsumerRecord<?, ?> record : records) {
            @SuppressWarnings("unchecked")
            ConsumerRecord<byte[], byte[]> bytes = (ConsumerRecord<byte[], byte[]>) record;
            typed.add(bytes);
        }
        turn.serve(source, typed, new FetchSize(), Lives.announced(ticks::get, CLOCK).current());
    }

    private List<String> topics() {
        return producer.history().stream().map(ProducerRecord::topic).toList();
    }

    private List<SpecificRecordBase> sent(String topic) {
        List<SpecificRecordBase> records = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : producer.history()) {
            if (record.topic().equals(topic)) {
                records.add(record.value() == null ? null : Codec.current().decode(record.value()));
            }
        }
        return records;
    }

    private static MockProducer<byte[], byte[]> producer() {
        Node node = new Node(1, "localhost", 1);
        PartitionInfo replies =
                new PartitionInfo(Topics.replies("default"), 0, node, new Node[0], new Node[0]);
        PartitionInfo running =
                new PartitionInfo(Topics.RUNNING, 0, node, new Node[0], new Node[0]);
        Cluster cluster =
                new Cluster(
                        "cluster", List.of(node), List.of(replies, running), Set.of(), Set.of());
        return new MockProducer<>(
                cluster, true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private final class FakeSession implements CallSession {
        private final List<String> queued = new ArrayList<>();

        @Override
        public ActiveCall start(Delivery delivery, CallStart start) throws InterruptedException {
            if (!preparing.contains(delivery.correlationId())) {
                assertThat(start.start()).isTrue();
            }
            events.add("run " + delivery.correlationId());
            return new FakeCall(delivery);
        }

        @Override
        public Optional<ActiveCall> queue(Delivery delivery) {
            if (!queues) {
                return Optional.empty();
            }
            events.add("queue " + delivery.correlationId());
            queued.add(delivery.correlationId());
            return Optional.of(new FakeCall(delivery));
        }

        @Override
        public void flush() {}

        @Override
        public void withdraw() {
            events.add("withdraw");
            notStarted.addAll(queued);
        }

        @Override
        public void kill() {
            events.add("kill");
        }
    }

    private final class FakeCall implements ActiveCall {
        private final Delivery delivery;

        FakeCall(Delivery delivery) {
            this.delivery = delivery;
        }

        @Override
        public boolean await(Duration timeout) {
            return notStarted.contains(delivery.correlationId())
                    || !longCalls.contains(delivery.correlationId());
        }

        @Override
        public boolean abandon() {
            events.add("abandon " + delivery.correlationId());
            return !preparing.contains(delivery.correlationId());
        }

        @Override
        public CallEnd join() throws InterruptedException {
            if (notStarted.remove(delivery.correlationId())) {
                return new CallEnd.NotStarted();
            }
            if (lostCalls.remove(delivery.correlationId())) {
                return new CallEnd.Lost();
            }
            if (lifeEndsDuring.contains(delivery.correlationId())) {
                ticks.addAndGet(Duration.ofSeconds(10).toNanos());
            }
            if (interruptedCalls.contains(delivery.correlationId())) {
                throw new InterruptedException();
            }
            if (longCalls.contains(delivery.correlationId())) {
                events.add("joined " + delivery.correlationId());
            }
            return new CallEnd.Replied(
                    Reply.newBuilder()
                            .setCorrelationId(delivery.correlationId())
                            .setOutcome(Outcome.SUCCEEDED)
                            .setAgent("agent-1")
                            .setPhases(new PhaseTimes())
                            .build());
        }
    }
}
