package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.job.KnownJob;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** Sees what comes into a queue, and tells how it ended. For one thread. */
final class PlayedAgent implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final JobsDoor door;
    private final KafkaConsumer<byte[], byte[]> queue;
    private final List<Invocation> seen = new ArrayList<>();

    PlayedAgent(JobsDoor door) {
        this.door = door;
        this.queue =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                door.kafka().bootstrapServers(),
                                "isolation.level",
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        TopicPartition partition = new TopicPartition(Topics.invocations("XS"), 0);
        queue.assign(List.of(partition));
        queue.seekToEnd(List.of(partition));
        queue.position(partition);
    }

    /** All that was queued so far, once there are so many. */
    List<Invocation> await(int count) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> look(Duration.ofMillis(100)).size() >= count);
        return List.copyOf(seen);
    }

    /** All that was queued so far. */
    List<Invocation> look(Duration wait) {
        for (ConsumerRecord<byte[], byte[]> record : queue.poll(wait)) {
            InvocationEnvelope envelope =
                    Codec.current().decode(record.value(), InvocationEnvelope.class);
            seen.add(Codec.current().decode(bytes(envelope.getInvocation()), Invocation.class));
        }
        return List.copyOf(seen);
    }

    /** It returned its arguments. */
    void succeed(Invocation call) throws Exception {
        tell(call, reply(call, Outcome.SUCCEEDED).setResult(copy(call.getArguments())).build());
    }

    private static Payload copy(Payload arguments) {
        return new Payload(arguments.getCodec(), arguments.getContent(), arguments.getBlob());
    }

    /** It threw. */
    void fail(Invocation call) throws Exception {
        tell(
                call,
                reply(call, Outcome.FAILED)
                        .setFailure(
                                Failure.newBuilder()
                                        .setCode(FailureCode.FUNCTION_THREW)
                                        .setMessage("no joke")
                                        .setThrowables(List.of())
                                        .build())
                        .build());
    }

    /** It was told to stop. */
    void stop(Invocation call) throws Exception {
        tell(
                call,
                reply(call, Outcome.CANCELLED)
                        .setFailure(
                                Failure.newBuilder()
                                        .setCode(FailureCode.CANCELLED)
                                        .setMessage("cancelled")
                                        .setThrowables(List.of())
                                        .build())
                        .build());
    }

    private static Reply.Builder reply(Invocation call, Outcome outcome) {
        return Reply.newBuilder()
                .setCorrelationId(call.getCorrelationId())
                .setOutcome(outcome)
                .setAgent("agent-1")
                .setPhases(new PhaseTimes());
    }

    private void tell(Invocation call, Reply reply) throws Exception {
        FunctionSpec function =
                Codec.current().decode(bytes(call.getFunction()), FunctionSpec.class);
        KnownJob job =
                new KnownJob(
                        DispatcherConfig.DEFAULT_TENANT,
                        InvocationEnvelope.newBuilder()
                                .setInvocation(ByteBuffer.wrap(Codec.current().encode(call)))
                                .build(),
                        call,
                        function.getName(),
                        function.getMachineType());
        door.producer()
                .send(
                        new ProducerRecord<>(
                                Topics.JOBS,
                                call.getCorrelationId().getBytes(StandardCharsets.UTF_8),
                                Codec.current()
                                        .encode(job.ended(reply, System.currentTimeMillis()))))
                .get();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        queue.close();
    }
}
