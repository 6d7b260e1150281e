package dev.athanor.api.internal.cluster;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.athanor.api.AthanorException;
import dev.athanor.api.TooLargeException;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Signature;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.keys.SignedOnly;
import dev.athanor.schemas.keys.Signer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/** Writes invocations and cancellations. Thread-safe. */
final class Sender {
    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final Producer<byte[], byte[]> producer;
    private final Uploads uploads;
    private final MachineTypes machineTypes;
    private final WarmRoutes routes;
    private final KnownTopics topics;
    private final Executor threads;
    private final Signer signer;
    private final int replyPartition;

    /**
     * @param threads for what must not be done on the producer's thread
     * @param signer vouches for what is sent
     */
    Sender(
            Producer<byte[], byte[]> producer,
            Uploads uploads,
            WarmRoutes routes,
            KnownTopics topics,
            Executor threads,
            Signer signer,
            int replyPartition) {
        this.producer = producer;
        this.uploads = uploads;
        this.machineTypes = new MachineTypes(topics);
        this.routes = routes;
        this.topics = topics;
        this.threads = threads;
        this.signer = signer;
        this.replyPartition = replyPartition;
    }

    /**
     * An invocation whose code and arguments are where agents find them.
     *
     * @param correlationId new for each
     * @param bundles where its code lies
     * @param route which way it goes
     * @param signedAt by this machine's clock, in milliseconds; 0: it is not signed
     * @param record to be sent
     */
    record Prepared(
            String correlationId,
            List<BlobAddress> bundles,
            WarmRoutes.Route route,
            long signedAt,
            ProducerRecord<byte[], byte[]> record) {
        private Prepared toQueue() {
            return of(correlationId, bundles, route.withoutLane(), signedAt, record.value());
        }

        private static Prepared of(
                String id,
                List<BlobAddress> bundles,
                WarmRoutes.Route route,
                long signedAt,
                byte[] value) {
            String topic =
                    route.lane()
                            .map(Lane::topic)
                            .orElseGet(() -> Topics.invocations(route.machineType()));
            return new Prepared(id, bundles, route, signedAt, Sender.record(topic, id, value));
        }

        /** Agents would take it for an old record that is sent again, and tell nobody. */
        private Optional<AthanorException> clockFailure(long writtenAt) {
            Duration distance = Duration.ofMillis(writtenAt - signedAt).abs();
            return signedAt == 0 || writtenAt < 0 || distance.compareTo(SignedOnly.TOLERANCE) <= 0
                    ? Optional.empty()
                    : Optional.of(
                            new UnauthorizedException(
                                    ("the clocks of this machine and of Kafka are %d s apart, and"
                                                    + " agents believe in %d s at most: set it")
                                            .formatted(
                                                    distance.toSeconds(),
                                                    SignedOnly.TOLERANCE.toSeconds())));
        }
    }

    /** Uploads what is not yet there; blocks meanwhile. */
    Prepared prepare(PendingCall<?> call) {
        OutgoingCall outgoing = call.outgoing();
        String machineType = outgoing.function().options().machineType();
        machineTypes.check(machineType);
        String id = ids.generate().toString();
        List<BlobAddress> bundles = uploads.addresses(outgoing.bundles());
        Invocation invocation =
                outgoing.toInvocation(
                        id,
                        call.createdAt(),
                        bundles,
                        uploads.payload(outgoing.arguments().bytes()),
                        replyPartition);
        byte[] encoded = Codec.current().encode(invocation);
        Signature signature = signer.sign(encoded);
        InvocationEnvelope envelope = envelope(encoded, signature);
        byte[] value = encode(envelope);
        WarmRoutes.Route route = routes.open(outgoing.encoded().bytes(bundles), machineType);
        return Prepared.of(id, bundles, route, signature == null ? 0 : signature.getAt(), value);
    }

    /** A job as its caller signed it. */
    record SignedJob(String id, InvocationEnvelope envelope) {}

    /** An id of a batch: in its members' ids the 32 bits at its end say which they are. */
    UUID newBatch() {
        UUID id = ids.generate();
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() & ~0xFFFF_FFFFL);
    }

    /** What members of a batch are calls of; uploads code that is not yet there. */
    Invocation template(OutgoingCall outgoing, UUID batch, Instant createdAt) {
        machineTypes.check(outgoing.function().options().machineType());
        return outgoing.toJob(
                batch.toString(),
                createdAt,
                createdAt,
                uploads.addresses(outgoing.bundles()),
                new Payload(PayloadCodec.JAVA, ByteBuffer.allocate(0), null));
    }

    /** Arguments of a member of a batch; uploads large ones. */
    Payload payload(OutgoingCall outgoing) {
        return uploads.payload(outgoing.arguments().bytes());
    }

    /** Uploads what a job needs and is not yet there; blocks meanwhile. */
    SignedJob prepareJob(OutgoingCall outgoing, Instant createdAt, Instant startsAt) {
        machineTypes.check(outgoing.function().options().machineType());
        String id = ids.generate().toString();
        byte[] encoded =
                Codec.current()
                        .encode(
                                outgoing.toJob(
                                        id,
                                        createdAt,
                                        startsAt,
                                        uploads.addresses(outgoing.bundles()),
                                        uploads.payload(outgoing.arguments().bytes())));
        return new SignedJob(id, envelope(encoded, signer.sign(encoded)));
    }

    /**
     * Writes an invocation.
     *
     * @param onFailure called once, on any thread, when it could not be written; must not block
     */
    void send(Prepared prepared, Consumer<AthanorException> onFailure) {
        write(
                prepared.record(),
                writtenAt -> prepared.clockFailure(writtenAt).ifPresent(onFailure),
                cause ->
                        prepared.route()
                                .lane()
                                .ifPresentOrElse(
                                        lane ->
                                                threads.execute(() ->
                                                        afterLane(
                                                                prepared, lane, cause, onFailure)),
                                        () -> onFailure.accept(failure(cause))));
    }

    /**
     * A lane that refuses belongs to an agent that leaves: the queue takes what it did not. Where
     * it may have taken it, the call fails, since it must not run twice.
     */
    private void afterLane(
            Prepared prepared, Lane lane, Exception cause, Consumer<AthanorException> onFailure) {
        routes.forget(lane);
        if (isRefusal(cause) || isGone(lane)) {
            send(prepared.toQueue(), onFailure);
        } else {
            onFailure.accept(failure(cause));
        }
    }

    private static boolean isRefusal(Exception cause) {
        return cause instanceof RecordTooLargeException
                || cause instanceof AuthorizationException
                || cause instanceof InvalidTopicException;
    }

    private boolean isGone(Lane lane) {
        try {
            topics.ask();
            return !topics.has(lane.topic());
        } catch (AthanorException e) {
            return false;
        }
    }

    /**
     * Asks agents to drop or stop a call. The caller gave the call up: whether the request can be
     * written only saves agents work.
     */
    void cancel(PendingCall<?> call, InstantSource clock) {
        Cancellation cancellation = new Cancellation(call.correlationId(), clock.millis(), "");
        byte[] encoded = Codec.current().encode(cancellation);
        SignedEnvelope envelope =
                SignedEnvelope.newBuilder()
                        .setContent(ByteBuffer.wrap(encoded))
                        .setSignature(signer.sign(encoded))
                        .build();
        write(
                record(
                        Topics.CANCELLATIONS,
                        call.correlationId(),
                        Codec.current().encode(envelope)),
                writtenAt -> {},
                cause -> {});
    }

    private void write(
            ProducerRecord<byte[], byte[]> record,
            LongConsumer onWritten,
            Consumer<Exception> onFailure) {
        try {
            var unused =
                    producer.send(
                            record,
                            (metadata, failure) -> {
                                if (failure != null) {
                                    onFailure.accept(failure);
                                } else {
                                    onWritten.accept(metadata.timestamp());
                                }
                            });
        } catch (KafkaException | IllegalStateException e) {
            onFailure.accept(e);
        }
    }

    void forget(List<BlobAddress> gone) {
        uploads.forget(gone);
    }

    /** Sets every field: the builder copies the default of each that is left out. */
    private static InvocationEnvelope envelope(byte[] encoded, @Nullable Signature signature) {
        return InvocationEnvelope.newBuilder()
                .setInvocation(ByteBuffer.wrap(encoded))
                .setSignature(signature)
                .setAttempt(1)
                .setLostAgents(List.of())
                .setLossesBeforeStart(0)
                .setHops(0)
                .setEscalatedFrom(List.of())
                .setTenant("")
                .setSeal(null)
                .build();
    }

    private static byte[] encode(InvocationEnvelope envelope) {
        return Codec.current().encode(envelope);
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String id, byte[] value) {
        return new ProducerRecord<>(topic, id.getBytes(StandardCharsets.UTF_8), value);
    }

    private static AthanorException failure(Exception cause) {
        return cause instanceof RecordTooLargeException
                ? new TooLargeException(
                        "the invocation is too large for Kafka: " + cause.getMessage())
                : KafkaFailures.of("Kafka did not take the invocation", cause);
    }
}
