package dev.athanor.agent.call;

import dev.athanor.agent.kafka.Publisher;
import dev.athanor.environment.sandbox.ValueSink;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.StreamItem;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a function yields to its caller, while it runs. Large values are written before the
 * next is read, which holds up the function. Safe for any number of threads.
 */
final class ValueRelay implements ValueSink {
    /** A caller that asks for more gets no more: what it has not taken lies in Kafka. */
    private static final int LARGEST_WINDOW = 256;

    private final Delivery delivery;
    private final Publisher publisher;
    private final Payloads payloads;
    private final CallLog log;
    private final Runnable stop;
    private final String run = UUID.randomUUID().toString();

    // All guarded by this.
    private long sent;
    private @Nullable String failure;

    /**
     * @param stop ends the function, which yields for nobody any more; must not block
     */
    ValueRelay(
            Delivery delivery, Publisher publisher, Payloads payloads, CallLog log, Runnable stop) {
        this.delivery = delivery;
        this.publisher = publisher;
        this.payloads = payloads;
        this.log = log;
        this.stop = stop;
    }

    /** Names this run of the function. */
    String run() {
        return run;
    }

    @Override
    public int window() {
        return Math.clamp(delivery.invocation().getStreamWindow(), 0, LARGEST_WINDOW);
    }

    @Override
    public void value(long index, byte codec, byte[] bytes) {
        if (failure().isPresent()) {
            return;
        }
        // What was printed before comes before.
        log.flush();
        try {
            Payload value = payloads.payload(delivery.tenant(), Replies.codec(codec), bytes);
            sent(index + 1);
            CompletableFuture<?> _ =
                    publisher
                            .value(
                                    delivery,
                                    new StreamItem(
                                            delivery.correlationId(),
                                            delivery.envelope().getAttempt(),
                                            index,
                                            value,
                                            run))
                            .whenComplete((durable, error) -> {
                                if (error != null) {
                                    failed(String.valueOf(error.getMessage()));
                                }
                            });
        } catch (PayloadLostException e) {
            failed(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed("its agent closes");
        }
    }

    private synchronized void sent(long count) {
        sent = count;
    }

    /** How many were sent. */
    synchronized long count() {
        return sent;
    }

    /** Why its caller does not get them all, if so. */
    synchronized Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    private void failed(String why) {
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = why;
        }
        stop.run();
    }
}
