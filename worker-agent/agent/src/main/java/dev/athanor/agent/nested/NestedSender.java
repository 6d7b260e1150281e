package dev.athanor.agent.nested;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.athanor.agent.call.BundleStore;
import dev.athanor.agent.call.CallLimits;
import dev.athanor.agent.call.Delivery;
import dev.athanor.agent.call.PayloadLostException;
import dev.athanor.agent.call.Payloads;
import dev.athanor.agent.kafka.Publisher;
import dev.athanor.environment.machine.UnservedType;
import dev.athanor.environment.sandbox.NestedReplies;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.NestedCallFrame;
import dev.athanor.runtime.protocol.NestedLogFrame;
import dev.athanor.runtime.protocol.NestedReply;
import dev.athanor.schemas.Bundle;
import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.LogLine;
import dev.athanor.schemas.LogSource;
import dev.athanor.schemas.LogStream;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.blob.BlobTooLargeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends calls of functions to the cluster, and brings their replies. Connects to a tenant's replies
 * when a function of it makes the first call. Safe for any number of threads; blocks.
 */
final class NestedSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NestedSender.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final CallLimits defaults;
    private final Publisher publisher;
    private final Payloads payloads;
    private final BundleStore bundles;
    private final Queues queues;
    private final Function<String, Consumer<byte[], byte[]>> consumers;
    private final InstantSource clock;
    private final NestedFrames frames;
    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final Map<String, ReplyReader> readers = new ConcurrentHashMap<>();

    /**
     * @param consumers makes a consumer without a group for a tenant's replies
     */
    NestedSender(
            CallLimits defaults,
            Publisher publisher,
            Payloads payloads,
            BundleStore bundles,
            Queues queues,
            Function<String, Consumer<byte[], byte[]>> consumers,
            InstantSource clock) {
        this.defaults = defaults;
        this.publisher = publisher;
        this.payloads = payloads;
        this.bundles = bundles;
        this.queues = queues;
        this.consumers = consumers;
        this.clock = clock;
        this.frames = new NestedFrames(payloads);
    }

    /** How deep functions may call one another. */
    int maxDepth() {
        return defaults.maxDepth();
    }

    /** Whether the cluster has the machine type. */
    boolean isOffered(String machineType) {
        try {
            return queues.has(machineType);
        } catch (KafkaException e) {
            throw new UnsentException("it could not be sent: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** For a message: which machine types the cluster has. */
    String instead(String machineType) {
        return queues.instead(machineType);
    }

    /** What to tell of a machine type that no live agent serves; empty where one does. */
    Optional<UnservedType> unserved(String machineType) {
        return queues.unserved(machineType);
    }

    /**
     * Puts code and arguments where agents find them.
     *
     * @param again whether they were gone from where they had been put before
     */
    NestedCall prepare(
            AgentNest nest,
            Delivery parent,
            NestedCallFrame frame,
            NestedReplies sandbox,
            boolean again) {
        String id = ids.generate().toString();
        NestedInvocation call =
                new NestedInvocation(parent, frame.function(), clock.instant(), end(parent));
        try {
            ReplyReader replies = reader(parent.tenant());
            Invocation invocation =
                    call.invocation(
                            id,
                            bundles(parent, again),
                            payloads.payload(parent.tenant(), PayloadCodec.JAVA, frame.arguments()),
                            replies.partition());
            InvocationEnvelope envelope =
                    InvocationEnvelope.newBuilder()
                            .setInvocation(ByteBuffer.wrap(Codec.current().encode(invocation)))
                            .setTenant(parent.tenant())
                            .build();
            return new NestedCall(
                    nest, frame, sandbox, id, call.deadline(), replies, envelope, again);
        } catch (PayloadLostException | BlobTooLargeException | KafkaException e) {
            throw new UnsentException("it could not be sent: " + e.getMessage(), e);
        } catch (IOException | UncheckedIOException e) {
            throw new UnsentException("its code could not be read: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** What the parent may still take, at most: it may have run for a while. */
    private Instant end(Delivery parent) {
        Instant now = clock.instant();
        return now.plus(defaults.execution(parent.invocation().getLimits(), now));
    }

    /** The code of the parent, which this agent has on its disk. */
    private List<Bundle> bundles(Delivery parent, boolean again)
            throws IOException, InterruptedException {
        List<Bundle> known = parent.function().spec().getBundles();
        if (!again) {
            return known;
        }
        List<Bundle> written = new ArrayList<>();
        for (Bundle bundle : known) {
            byte[] bytes = Files.readAllBytes(bundles.file(parent.tenant(), bundle));
            written.add(new Bundle(payloads.upload(parent.tenant(), bytes)));
        }
        return written;
    }

    private ReplyReader reader(String tenant) {
        return readers.compute(
                tenant,
                (name, known) ->
                        known != null && known.isOpen()
                                ? known
                                : ReplyReader.open(name, consumers.apply(name), TIMEOUT, clock));
    }

    /** Sends a call; says to it where it could not be. */
    void send(NestedCall call) {
        call.replies().expect(call.correlationId(), call);
        try {
            CompletableFuture<?> _ =
                    publisher
                            .invoke(
                                    call.frame().function().machineType(),
                                    call.correlationId(),
                                    call.envelope())
                            .whenComplete((durable, failure) -> {
                                if (failure != null) {
                                    unsent(call, failure);
                                }
                            });
        } catch (KafkaException | IllegalStateException e) {
            unsent(call, e);
        }
    }

    private static void unsent(NestedCall call, Throwable failure) {
        call.replies().forget(call.correlationId());
        call.lost(FailureKind.UNAVAILABLE, "Kafka did not take it: " + failure.getMessage());
    }

    /**
     * Asks agents to drop or stop a call, whose end is not waited for any more: whether they are
     * reached only saves them work.
     */
    void cancel(NestedCall call) {
        call.replies().forget(call.correlationId());
        try {
            CompletableFuture<?> _ =
                    publisher.cancel(new Cancellation(call.correlationId(), clock.millis(), ""));
        } catch (KafkaException | IllegalStateException e) {
            LOG.debug("correlationId={} not cancelled: {}", call.correlationId(), e.toString());
        }
    }

    /** A line of ours about a call. */
    NestedLogFrame line(long nestedId, String text) {
        return NestedFrames.lines(
                nestedId,
                List.of(new LogLine(LogSource.AGENT, LogStream.STDERR, clock.millis(), text)),
                0);
    }

    NestedReply frame(String tenant, long nestedId, Reply reply) {
        return frames.reply(tenant, nestedId, reply);
    }

    private static UnsentException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new UnsentException("it was not sent, since its agent closes", e);
    }

    @Override
    public void close() {
        readers.values().forEach(ReplyReader::close);
    }
}
