package dev.athanor.api.internal.cluster;

import dev.athanor.schemas.Digest;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.WarmHint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Leads calls to where they are hot, as the replies of earlier ones told: to the lane of an agent,
 * as long as its sandbox is hot and its slots have room for what this caller has there; all others
 * go to the queue, where any agent takes them. Thread-safe.
 */
final class WarmRoutes {
    /** What a reply takes on its way, during which the sandbox is not hot for us any more. */
    private static final Duration MARGIN = Duration.ofMillis(250);

    /** A hint is forgotten after that, however long a sandbox stays. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final int MOST_FUNCTIONS = 1_000;
    private static final int MOST_AGENTS = 16;
    private static final int MOST_SLOTS = 1_000;

    /** Lanes come and go with their agents. */
    private static final Duration ASK_EVERY = Duration.ofSeconds(5);

    /**
     * The way of one call.
     *
     * @param lane empty: the queue
     */
    record Route(FunctionBytes function, String machineType, Optional<Lane> lane) {
        /** Of a call that is not sent. */
        static final Route NONE =
                new Route(new FunctionBytes(ByteBuffer.allocate(0)), "", Optional.empty());

        Route withoutLane() {
            return new Route(function, machineType, Optional.empty());
        }
    }

    /** Where a sandbox is hot. */
    private record Hot(Lane lane, Instant until, int slots) {}

    /** Calls under way. */
    private static final class Counts<K> {
        private final Map<K, Integer> counts = new HashMap<>();

        void add(K key, int change) {
            counts.merge(key, change, (a, b) -> a + b == 0 ? null : a + b);
        }

        int of(K key) {
            return counts.getOrDefault(key, 0);
        }
    }

    private final KnownTopics topics;
    private final InstantSource clock;
    private final Object lock = new Object();

    // All guarded by the lock.
    private final Map<FunctionBytes, Digest> sandboxKeys = bounded(MOST_FUNCTIONS);
    private final Map<Digest, Map<Lane, Hot>> hot = bounded(MOST_FUNCTIONS);
    private final Counts<FunctionBytes> ofFunction = new Counts<>();
    private final Counts<Lane> inLane = new Counts<>();
    private Instant nextAsk = Instant.MIN;

    WarmRoutes(KnownTopics topics, InstantSource clock) {
        this.topics = topics;
        this.clock = clock;
    }

    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /** The way of the next call of a function, which is under way until {@link #close}. */
    Route open(FunctionBytes function, String machineType) {
        synchronized (lock) {
            Optional<Lane> lane = lane(function);
            ofFunction.add(function, 1);
            lane.ifPresent(taken -> inLane.add(taken, 1));
            return new Route(function, machineType, lane);
        }
    }

    /**
     * A function with more calls under way than its hot agents have slots is busy everywhere, and
     * soon hot everywhere: the queue spreads it best.
     */
    private Optional<Lane> lane(FunctionBytes function) {
        Digest key = sandboxKeys.get(function);
        Map<Lane, Hot> agents = key == null ? null : hot.get(key);
        if (agents == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        int slots = 0;
        Hot best = null;
        for (Hot each : agents.values()) {
            if (now.isBefore(each.until()) && topics.has(each.lane().topic())) {
                slots += each.slots();
                if (inLane.of(each.lane()) < each.slots() && isBetter(each, best)) {
                    best = each;
                }
            }
        }
        return best == null || ofFunction.of(function) >= slots
                ? Optional.empty()
                : Optional.of(best.lane());
    }

    /** The one with fewer calls of ours, then the one that stays for longer. */
    private boolean isBetter(Hot each, @Nullable Hot best) {
        if (best == null) {
            return true;
        }
        int fewer = Integer.compare(inLane.of(best.lane()), inLane.of(each.lane()));
        return fewer > 0 || (fewer == 0 && each.until().isAfter(best.until()));
    }

    /** The call has ended, or is given up. */
    void close(Route route) {
        if (route.equals(Route.NONE)) {
            return;
        }
        synchronized (lock) {
            ofFunction.add(route.function(), -1);
            route.lane().ifPresent(lane -> inLane.add(lane, -1));
        }
    }

    /** Takes note of what the reply to a call of that route says. */
    void learn(Route route, @Nullable WarmHint hint) {
        if (hint == null || hint.getHotMillis() <= MARGIN.toMillis()) {
            return;
        }
        Duration stays =
                Duration.ofMillis(Math.min(hint.getHotMillis(), LONGEST.toMillis())).minus(MARGIN);
        Lane.of(hint.getAgent(), route.machineType())
                .ifPresent(lane -> learn(route, hint, lane, stays));
    }

    private void learn(Route route, WarmHint hint, Lane lane, Duration stays) {
        int slots = Math.min(Math.max(hint.getSlots(), 1), MOST_SLOTS);
        synchronized (lock) {
            Instant now = clock.instant();
            sandboxKeys.put(route.function(), hint.getSandboxKey());
            Map<Lane, Hot> agents =
                    hot.computeIfAbsent(hint.getSandboxKey(), missing -> bounded(MOST_AGENTS));
            agents.merge(
                    lane,
                    new Hot(lane, now.plus(stays), slots),
                    (known, heard) -> heard.until().isAfter(known.until()) ? heard : known);
            if (!topics.has(lane.topic())) {
                askOnce(now, Duration.ofSeconds(1));
            }
        }
    }

    /** Leads no further call there until a reply tells of it again. */
    void forget(Lane lane) {
        synchronized (lock) {
            hot.values().forEach(agents -> agents.remove(lane));
        }
    }

    /** Comes about once a second, and sees to it that lanes which are gone are noticed. */
    void tick() {
        synchronized (lock) {
            Instant now = clock.instant();
            hot.values()
                    .forEach(agents ->
                            agents.values().removeIf(each -> !now.isBefore(each.until())));
            hot.values().removeIf(Map::isEmpty);
            if (!hot.isEmpty()) {
                askOnce(now, ASK_EVERY);
            }
        }
    }

    private void askOnce(Instant now, Duration pause) {
        if (!now.isBefore(nextAsk)) {
            nextAsk = now.plus(pause);
            topics.askSoon();
        }
    }
}
