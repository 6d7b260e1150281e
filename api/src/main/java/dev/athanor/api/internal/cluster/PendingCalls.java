package dev.athanor.api.internal.cluster;

import dev.athanor.api.AthanorException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Calls that wait for a reply, by correlation id. Whoever removes a call ends it, so that each ends
 * once, with the first terminal reply. Thread-safe.
 */
final class PendingCalls {
    private final Map<String, PendingCall<?>> calls = new ConcurrentHashMap<>();

    private final Consumer<WarmRoutes.Route> ended;

    /**
     * @param ended gets the route of each call that is removed
     */
    PendingCalls(Consumer<WarmRoutes.Route> ended) {
        this.ended = ended;
    }

    void add(String correlationId, PendingCall<?> call) {
        calls.put(correlationId, call);
    }

    Optional<PendingCall<?>> find(String correlationId) {
        return Optional.ofNullable(calls.get(correlationId));
    }

    Optional<PendingCall<?>> remove(String correlationId) {
        Optional<PendingCall<?>> removed = Optional.ofNullable(calls.remove(correlationId));
        removed.ifPresent(call -> ended.accept(call.route()));
        return removed;
    }

    List<PendingCall<?>> all() {
        return List.copyOf(calls.values());
    }

    List<PendingCall<?>> overdue(Instant now) {
        return calls.values().stream().filter(call -> now.isAfter(call.deadline())).toList();
    }

    /** Ends all; each gets an exception of its own. */
    void failAll(Supplier<AthanorException> failure) {
        for (PendingCall<?> call : all()) {
            remove(call.correlationId()).ifPresent(removed -> removed.fail(failure.get()));
        }
    }
}
