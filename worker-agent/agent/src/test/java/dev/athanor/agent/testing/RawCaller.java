package dev.athanor.agent.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.Topics;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes calls as they are on the wire, and reads what comes back. For one thread. */
public final class RawCaller implements AutoCloseable {
    private static final String TENANT = "default";

    private final Producer<byte[], byte[]> producer;
    private final TopicReader replies;

    /** There has to be an agent, which makes the topics. */
    public RawCaller(String bootstrapServers) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
        producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        replies = new TopicReader(settings, Topics.replies(TENANT));
    }

    /**
     * Publishes a call.
     *
     * @return its correlation id
     */
    public String publish(FunctionSpec function, PayloadCodec codec, byte[] arguments)
            throws InterruptedException, ExecutionException {
        String id = UUID.randomUUID().toString();
        Invocation invocation =
                Invocation.newBuilder()
                        .setCorrelationId(id)
                        .setCreatedAt(System.currentTimeMillis())
                        .setFunction(ByteBuffer.wrap(Codec.current().encode(function)))
                        .setArguments(new Payload(codec, ByteBuffer.wrap(arguments), null))
                        .setReplyPartition(0)
                        .setLimits(new Limits())
                        .build();
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder()
                        .setInvocation(ByteBuffer.wrap(Codec.current().encode(invocation)))
                        .build();
        producer.send(
                        new ProducerRecord<>(
                                Topics.invocations(function.getMachineType()),
                                id.getBytes(UTF_8),
                                Codec.current().encode(envelope)))
                .get();
        return id;
    }

    /** Asks for the end of a call. */
    public void cancel(String id) throws InterruptedException, ExecutionException {
        byte[] content = Codec.current().encode(new Cancellation(id, 0L, ""));
        SignedEnvelope envelope =
                SignedEnvelope.newBuilder().setContent(ByteBuffer.wrap(content)).build();
        producer.send(new ProducerRecord<>(Topics.CANCELLATIONS, Codec.current().encode(envelope)))
                .get();
    }

    /** The reply of a call, once it is there. */
    public Reply reply(String id) {
        return await().until(
                        () -> records(id).filter(Reply.class::isInstance).findFirst(),
                        found -> found.isPresent())
                .map(Reply.class::cast)
                .orElseThrow();
    }

    /** The lines of a call that have come so far. */
    public List<String> lines(String id) {
        return records(id)
                .filter(LogLines.class::isInstance)
                .flatMap(lines -> ((LogLines) lines).getLines().stream())
                .map(line -> line.getSource() + " " + line.getText())
                .toList();
    }

    private Stream<Object> records(String id) {
        return replies.all().stream()
                .filter(each -> id.equals(new String(each.key(), UTF_8)))
                .map(each -> Codec.current().decode(each.value()));
    }

    /** The bytes of a payload that is in its record. */
    public static byte[] bytes(Payload payload) {
        ByteBuffer content = payload.getContent().duplicate();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        producer.close();
        replies.close();
    }
}
