package dev.athanor.dispatcher.call;

import dev.athanor.dispatcher.job.Canceller;
import dev.athanor.dispatcher.job.JobsUnavailableException;
import dev.athanor.dispatcher.queue.KnownQueues;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.StreamCredit;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import dev.athanor.schemas.keys.Trust;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes plain calls for callers that have no Kafka, as a Java caller makes them for itself: the
 * invocation goes to its queue and the reply comes back on the tenant's topic of replies. Nothing
 * of it is kept, so a call ends with who waits for it. Needs no database. Safe for any number of
 * threads, which may block.
 */
public final class Calls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** Each has a connection, of which there are twice as many. */
    private static final int MOST = 1_000;

    /**
     * What functions printed and yielded and slow readers have not read; a quarter of a small heap.
     */
    private static final long MOST_WAITING_BYTES = 256L << 20;

    private final Producer<byte[], byte[]> producer;
    private final Trust trust;
    private final KnownQueues queues;
    private final Replies replies;
    private final Canceller canceller;
    private final Semaphore room = new Semaphore(MOST);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final WaitingRoom waitingRoom =
            new WaitingRoom(Math.min(MOST_WAITING_BYTES, Runtime.getRuntime().maxMemory() / 4));

    /**
     * What is given stays its giver's to close.
     *
     * @param producer with {@code acks=all}
     * @param replies makes a consumer without a group
     */
    public Calls(
            Producer<byte[], byte[]> producer,
            Admin admin,
            Trust trust,
            Supplier<Consumer<byte[], byte[]>> replies,
            InstantSource clock) {
        this.producer = producer;
        this.trust = trust;
        this.queues = new KnownQueues(admin);
        this.replies = new Replies(replies, clock);
        this.canceller = new Canceller(producer, trust, clock);
        this.replies.start();
    }

    /**
     * Sends a call, which is to be closed.
     *
     * @param tenant whose it is, of which the caller was made sure
     * @param correlationId of the call
     * @param invocation makes it for a partition of the tenant's replies
     * @throws CallRefusedException when it cannot be sent as it is
     * @throws ClusterUnreachableException when Kafka does not answer; nothing was sent
     */
    public WaitedCall call(
            String tenant,
            String correlationId,
            String machineType,
            IntFunction<Invocation> invocation)
            throws CallRefusedException, InterruptedException {
        if (!queues.has(machineType)) {
            throw new CallRefusedException(
                    CallRefusedException.Reason.UNKNOWN_MACHINE_TYPE,
                    "no agent has ever served the machine type '%s'".formatted(machineType));
        }
        if (!room.tryAcquire()) {
            throw new CallRefusedException(
                    CallRefusedException.Reason.TOO_MANY,
                    "%,d calls are waited for already".formatted(MOST));
        }
        WaitedCall call =
                new WaitedCall(new WaitedCall.Id(tenant, correlationId), this, waitingRoom);
        boolean sent = false;
        try {
            if (!replies.expect(call)) {
                throw new CallRefusedException(
                        CallRefusedException.Reason.SAME_ID,
                        "a call of the id %s is under way".formatted(correlationId));
            }
            send(call, machineType, invocation.apply(replies.partition(call)));
            sent = true;
            return call;
        } finally {
            if (!sent) {
                replies.forget(call);
                room.release();
            }
        }
    }

    /** Does not wait until it is durable: the reply says that soon enough. */
    private void send(WaitedCall call, String machineType, Invocation invocation) {
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder()
                        .setInvocation(ByteBuffer.wrap(Codec.current().encode(invocation)))
                        .setTenant(call.id().tenant())
                        .build();
        byte[] key = call.id().correlationId().getBytes(StandardCharsets.UTF_8);
        byte[] value = Codec.current().encode(trust.sealed(envelope));
        try {
            var _ =
                    producer.send(
                            new ProducerRecord<>(Topics.invocations(machineType), key, value),
                            (metadata, failure) -> {
                                if (failure != null) {
                                    call.lost("Kafka did not take the call: " + failure);
                                }
                            });
        } catch (KafkaException e) {
            throw new ClusterUnreachableException("Kafka does not take the call", e);
        }
    }

    /**
     * Asks agents to drop or stop a call, by whichever dispatcher it was made. Returns once that is
     * durable; whoever waits for the call hears of its end.
     *
     * @throws JobsUnavailableException when Kafka does not answer
     */
    public void cancel(String tenant, String correlationId) throws InterruptedException {
        canceller.cancel(tenant, correlationId);
    }

    /**
     * Lets the function of a call yield more, by whichever dispatcher it was made. Returns once
     * that is durable.
     *
     * @param run of the function, as its values say
     * @param upTo values of a lower index may come
     * @throws ClusterUnreachableException when Kafka does not answer
     */
    public void grant(String tenant, String correlationId, String run, long upTo)
            throws InterruptedException {
        byte[] credit = Codec.current().encode(new StreamCredit(correlationId, run, upTo, tenant));
        byte[] key = correlationId.getBytes(StandardCharsets.UTF_8);
        byte[] value = Codec.current().encode(trust.signed(credit));
        try {
            producer.send(new ProducerRecord<>(Topics.CREDITS, key, value))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new ClusterUnreachableException("Kafka does not take the credit", e);
        }
    }

    /** Called once for each call, by its close. */
    void leave(WaitedCall call, boolean hasEnded) {
        replies.forget(call);
        room.release();
        if (hasEnded) {
            return;
        }
        try {
            cancel(call.id().tenant(), call.id().correlationId());
        } catch (JobsUnavailableException e) {
            // It runs to its end for nobody, which costs no more than that.
            LOG.info("correlationId={} not cancelled: {}", call.id().correlationId(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends the calls that are waited for, of whose end nobody hears then, and waits for a moment
     * until those who wait have been told. No more are made.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        replies.close();
        try {
            boolean allLeft =
                    room.tryAcquire(MOST, CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("allLeft={}", allLeft);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
