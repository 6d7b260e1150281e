package dev.athanor.agent.cancel;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The calls that were cancelled, those of this agent and those that may still come to it. What was
 * cancelled is remembered for as long as an invocation can stand in a queue, and for the latest
 * {@value #MAX_REMEMBERED} of them at most; beyond that the tenant that has most gives up its
 * oldest. Safe for any number of threads.
 */
public final class Cancellations {
    /** The longest queue deadline is 7 days; a clock or two may be wrong. */
    public static final Duration REMEMBERED_FOR = Duration.ofDays(8);

    /** Some 20 MB. */
    static final int MAX_REMEMBERED = 100_000;

    /** Stands for the operators, who may cancel any tenant's calls. */
    private static final String ANY_TENANT = "";

    /** What became of a cancellation. */
    enum Effect {
        /** A call was stopped. */
        STOPPED,
        /** Such a call may still come. */
        NOTED,
        /** The call that has the id is under way, and another tenant's. */
        REFUSED
    }

    private final InstantSource clock;

    // All guarded by this.
    private final Map<CallId, CallStop> underWay = new LinkedHashMap<>();
    private final Map<String, Map<String, Instant>> rememberedByTenant = new HashMap<>();
    private int remembered;

    public Cancellations(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether the call was cancelled. */
    public synchronized boolean isCancelled(CallId call) {
        return remembered(call.tenant()).containsKey(call.correlationId())
                || remembered(ANY_TENANT).containsKey(call.correlationId());
    }

    private Map<String, Instant> remembered(String tenant) {
        return rememberedByTenant.getOrDefault(tenant, Map.of());
    }

    /**
     * Watches over a call until {@link #forget}; where it was cancelled before, the stop is asked
     * for already.
     */
    public CallStop watch(CallId call) {
        CallStop stop = new CallStop();
        boolean isCancelled;
        synchronized (this) {
            underWay.put(call, stop);
            isCancelled = isCancelled(call);
        }
        if (isCancelled) {
            stop.request();
        }
        return stop;
    }

    /** Ends the watch over a call. */
    public synchronized void forget(CallId call, CallStop stop) {
        underWay.remove(call, stop);
    }

    /**
     * Notes a cancellation and stops the call where it is under way.
     *
     * @param tenant who asks for it; empty: an operator
     * @param at when it was asked for
     */
    Effect cancel(Optional<String> tenant, String correlationId, Instant at) {
        List<CallStop> stops;
        synchronized (this) {
            stops = stops(tenant, correlationId);
            if (stops.isEmpty() && isAnothers(correlationId)) {
                return Effect.REFUSED;
            }
            remember(tenant.orElse(ANY_TENANT), correlationId, at);
        }
        long stopped = stops.stream().filter(CallStop::request).count();
        return stopped > 0 ? Effect.STOPPED : Effect.NOTED;
    }

    private List<CallStop> stops(Optional<String> tenant, String correlationId) {
        if (tenant.isPresent()) {
            CallStop stop = underWay.get(new CallId(tenant.get(), correlationId));
            return stop == null ? List.of() : List.of(stop);
        }
        return underWay.entrySet().stream()
                .filter(call -> call.getKey().correlationId().equals(correlationId))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** As many calls are under way as there are slots, and those that queue in their sandboxes. */
    private boolean isAnothers(String correlationId) {
        return underWay.keySet().stream()
                .anyMatch(call -> call.correlationId().equals(correlationId));
    }

    private void remember(String tenant, String correlationId, Instant at) {
        Map<String, Instant> own =
                rememberedByTenant.computeIfAbsent(tenant, missing -> new LinkedHashMap<>());
        if (own.putIfAbsent(correlationId, at) == null) {
            remembered++;
        }
        expire(own);
        if (remembered > MAX_REMEMBERED) {
            rememberedByTenant.values().stream()
                    .max(Comparator.comparingInt(Map::size))
                    .ifPresent(this::removeOldest);
        }
    }

    private void expire(Map<String, Instant> own) {
        Instant oldest = clock.instant().minus(REMEMBERED_FOR);
        while (!own.isEmpty() && own.values().iterator().next().isBefore(oldest)) {
            removeOldest(own);
        }
    }

    private void removeOldest(Map<String, Instant> from) {
        Iterator<Instant> times = from.values().iterator();
        times.next();
        times.remove();
        remembered--;
    }
}
