package dev.athanor.api.internal.cluster;

import dev.athanor.api.AthanorException;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.LostException;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.api.UnavailableException;
import dev.athanor.api.UnservedException;
import dev.athanor.api.internal.job.BatchUpload;
import dev.athanor.api.internal.job.DispatcherClient;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.blob.BlobWriter;
import dev.athanor.schemas.blob.Blobs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * One life of a connection: from the moment at which its replies are sure to be read until it is
 * closed or fails. Thread-safe.
 */
final class ClusterConnection implements ReplyListener, AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Executor callbacks;
    private final InstantSource clock;
    private final WarmRoutes routes;
    private final PendingCalls pending;
    private final Producer<byte[], byte[]> producer;
    private final ReplyLoop loop;
    private final UnservedCalls unserved;
    private final Sender sender;
    private final ResultBlobs blobs;
    private final ReplyReader reader;
    private Instant nextCheck;
    private volatile boolean open = true;

    private ClusterConnection(
            KafkaClients kafka,
            ClusterSettings settings,
            Subscription replies,
            Producer<byte[], byte[]> producer,
            Executor callbacks,
            InstantSource clock) {
        this.callbacks = callbacks;
        this.clock = clock;
        this.nextCheck = clock.instant().plus(TICK);
        this.loop = new ReplyLoop(replies, this);
        this.unserved = new UnservedCalls(replies.served());
        this.producer = producer;
        KnownTopics topics =
                new KnownTopics(replies.topics(), loop::topics, settings.connectTimeout());
        this.routes = new WarmRoutes(topics, clock);
        this.pending = new PendingCalls(routes::close);
        this.sender =
                new Sender(
                        producer,
                        new Uploads(
                                new BlobWriter(
                                        producer,
                                        Topics.blobs(settings.tenant()),
                                        Math.max(settings.payloadLimit(), Blobs.DEFAULT_LIMIT))),
                        routes,
                        topics,
                        callbacks,
                        settings.access().signer(clock),
                        replies.partition());
        this.blobs =
                new ResultBlobs(kafka, Topics.blobs(settings.tenant()), settings.payloadLimit());
        this.reader = new ReplyReader(blobs::read);
    }

    /**
     * @throws UnavailableException when the cluster does not answer in time
     */
    static ClusterConnection open(
            KafkaClients kafka, ClusterSettings settings, Executor callbacks, InstantSource clock) {
        kafka.checkReachable();
        Subscription replies =
                Subscription.open(kafka, settings.tenant(), settings.connectTimeout(), clock);
        ClusterConnection connection =
                new ClusterConnection(
                        kafka, settings, replies, producer(kafka, replies), callbacks, clock);
        connection.loop.start();
        return connection;
    }

    private static Producer<byte[], byte[]> producer(KafkaClients kafka, Subscription replies) {
        try {
            return kafka.producer();
        } catch (KafkaException e) {
            replies.consumer().close();
            throw new UnavailableException("cannot make a Kafka producer: " + e.getMessage(), e);
        }
    }

    boolean isOpen() {
        return open;
    }

    /** Sends a call; blocks while code or large arguments are uploaded. */
    <R extends @Nullable Object> CompletableFuture<R> start(OutgoingCall outgoing) {
        unserved.check(outgoing);
        PendingCall<R> call = new PendingCall<>(outgoing, clock, callbacks);
        call.future().onCancel(() -> cancel(call));
        unserved.tell(call);
        send(call);
        return call.future();
    }

    /**
     * Readies a job for the dispatcher; blocks while code or large arguments are uploaded.
     *
     * @param startsAt when it is to start at the earliest, where not at once
     */
    Sender.SignedJob prepareJob(OutgoingCall outgoing, Optional<Instant> startsAt) {
        Instant now = clock.instant();
        return sender.prepareJob(outgoing, now, startsAt.filter(now::isBefore).orElse(now));
    }

    /** Sends the inputs of a batch to the dispatcher as they are read; blocks meanwhile. */
    String startBatch(
            PreparedFunction function,
            Iterator<@Nullable Object[]> arguments,
            DispatcherClient dispatcher) {
        UUID id = sender.newBatch();
        Instant createdAt = clock.instant();
        try (BatchUpload upload = BatchUpload.begin(dispatcher, id.toString())) {
            OutgoingCall last = function.call();
            upload.template(sender.template(last, id, createdAt));
            while (arguments.hasNext()) {
                OutgoingCall next = function.call(arguments.next());
                if (!next.bundles().equals(last.bundles())) {
                    upload.template(sender.template(next, id, createdAt));
                }
                upload.input(sender.payload(next));
                last = next;
            }
            upload.finish();
        }
        return id.toString();
    }

    private void send(PendingCall<?> call) {
        Sender.Prepared prepared = sender.prepare(call);
        String id = prepared.correlationId();
        call.sentAs(id, prepared.bundles(), prepared.route());
        pending.add(id, call);
        if (!open || call.future().isDone()) {
            pending.remove(id).ifPresent(removed -> removed.fail(ended()));
            return;
        }
        sender.send(
                prepared,
                failure -> pending.remove(id).ifPresent(removed -> removed.fail(failure)));
    }

    private void sendAgain(PendingCall<?> call, List<BlobAddress> gone) {
        try {
            sender.forget(gone);
            send(call);
        } catch (AthanorException e) {
            call.fail(e);
        }
    }

    private void cancel(PendingCall<?> call) {
        pending.remove(call.correlationId()).ifPresent(removed -> sender.cancel(removed, clock));
    }

    @Override
    public void reply(Reply reply) {
        pending.remove(reply.getCorrelationId()).ifPresent(call -> end(call, reply));
    }

    private void end(PendingCall<?> call, Reply reply) {
        routes.learn(call.route(), reply.getHint());
        boolean blobGone =
                reply.getFailure() != null && reply.getFailure().getCode() == FailureCode.BLOB_GONE;
        if (blobGone && call.mayBeSentAgain()) {
            callbacks.execute(() -> sendAgain(call, call.uploads()));
        } else {
            call.finish(reply, reader);
        }
    }

    @Override
    public void logLines(LogLines lines) {
        pending.find(lines.getCorrelationId()).ifPresent(call -> call.logLines(lines));
    }

    @Override
    public void tick() {
        Instant now = clock.instant();
        boolean isDue = !now.isBefore(nextCheck);
        if ((unserved.hasNews() || isDue) && unserved.isAny()) {
            unserved.lookAfter(pending.all(), this::giveUp);
        }
        if (!isDue) {
            return;
        }
        nextCheck = now.plus(TICK);
        routes.tick();
        for (PendingCall<?> call : pending.overdue(now)) {
            pending.remove(call.correlationId()).ifPresent(ClusterConnection::giveUp);
        }
    }

    /** Nobody runs the call, and it is not to wait for somebody who does. */
    private void giveUp(PendingCall<?> call, UnservedException failure) {
        pending.remove(call.correlationId())
                .ifPresent(removed -> {
                    callbacks.execute(() -> sender.cancel(removed, clock));
                    removed.fail(failure);
                });
    }

    private static void giveUp(PendingCall<?> call) {
        call.fail(
                new LostException(
                        ("%s: no agent answered by %s, when all its limits had passed: is an agent"
                                        + " running for machine type %s?")
                                .formatted(
                                        call.outgoing().function().name(),
                                        call.deadline(),
                                        call.outgoing().function().options().machineType())));
    }

    @Override
    public void failed(Exception cause) {
        open = false;
        pending.failAll(() -> KafkaFailures.of("the connection to Kafka failed", cause));
        if (KafkaFailures.of("", cause) instanceof UnauthorizedException) {
            // Its producer would go on trying to be let in for as long as nobody calls.
            callbacks.execute(() -> producer.close(Duration.ZERO));
        }
    }

    private static UnavailableException ended() {
        return new UnavailableException("the connection to Kafka ended: call again", null);
    }

    private static CancelledCallException closed() {
        return new CancelledCallException("the client was closed");
    }

    /** Cancels what is under way. Waits a few seconds at most for each of its parts. */
    @Override
    public void close() {
        open = false;
        pending.all().forEach(call -> sender.cancel(call, clock));
        pending.failAll(ClusterConnection::closed);
        loop.close();
        blobs.close();
        producer.close(CLOSE_TIMEOUT);
    }
}
