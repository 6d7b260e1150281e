package dev.athanor.api.internal.cluster;

import dev.athanor.api.CancelledCallException;
import dev.athanor.api.UnavailableException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The cluster's topics as it told them last: producing to one that is not there would block. Safe
 * for any number of threads.
 */
final class KnownTopics {
    private final Supplier<CompletableFuture<Set<String>>> topics;
    private final Duration timeout;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Set<String> names;

    /**
     * @param known topics that were there just now
     * @param topics asks for the topics anew
     * @param timeout longest wait for their answer
     */
    KnownTopics(
            Set<String> known, Supplier<CompletableFuture<Set<String>>> topics, Duration timeout) {
        this.names = Set.copyOf(known);
        this.topics = topics;
        this.timeout = timeout;
    }

    Set<String> names() {
        return names;
    }

    boolean has(String name) {
        return names.contains(name);
    }

    /** Asks anew, and waits for the answer. */
    void ask() {
        try {
            names = Set.copyOf(topics.get().get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledCallException("interrupted while asking for topics", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new UnavailableException("Kafka does not say which topics it has", e);
        }
    }

    /** Asks anew and does not wait; an answer that never comes leaves what is known. */
    void askSoon() {
        if (asking.compareAndSet(false, true)) {
            var unused =
                    topics.get()
                            .whenComplete((answer, failure) -> {
                                if (answer != null) {
                                    names = Set.copyOf(answer);
                                }
                                asking.set(false);
                            });
        }
    }
}
