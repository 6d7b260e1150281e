package dev.athanor.api.internal.cluster;

import dev.athanor.api.CancelledCallException;
import dev.athanor.api.LogListener;
import dev.athanor.api.Options;
import dev.athanor.api.UnservedException;
import dev.athanor.api.WhenUnserved;
import dev.athanor.environment.machine.UnservedType;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.BiConsumer;

/**
 * Sees to calls whose machine type no live agent serves: they wait and are told so, or are refused,
 * as their functions chose. Thread-safe.
 */
final class UnservedCalls {
    /** The first call of a client may come before anything is known. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final ServedTypes served;

    /** Who was told that a type is unserved, since it is. Guarded by itself. */
    private final Map<String, Set<LogListener>> told = new HashMap<>();

    UnservedCalls(ServedTypes served) {
        this.served = served;
    }

    /**
     * Refuses a call that is not to wait. Waits itself at most until the cluster has said what is
     * served: a round trip from when the client connected.
     *
     * @throws UnservedException when it is refused
     */
    void check(OutgoingCall call) {
        if (call.function().options().whenUnserved() != WhenUnserved.FAIL) {
            return;
        }
        try {
            if (!served.awaitKnown(LONGEST_WAIT)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledCallException(
                    "interrupted before %s was sent".formatted(call.function().name()), e);
        }
        served.unserved(call.function().options().machineType())
                .ifPresent(type -> {
                    throw failure(call, type, type.refusal());
                });
    }

    /** Tells the caller of a call where it will wait for an agent that is not there. */
    void tell(PendingCall<?> call) {
        Options options = call.outgoing().function().options();
        served.unserved(options.machineType())
                .filter(type -> isFirst(type.name(), options.logs()))
                .ifPresent(type -> call.notice(type.notice(call.outgoing().function().name())));
    }

    /** One line for a listener: a thousand calls would say the same. */
    private boolean isFirst(String type, LogListener listener) {
        synchronized (told) {
            return told.computeIfAbsent(
                            type, missing -> Collections.newSetFromMap(new WeakHashMap<>()))
                    .add(listener);
        }
    }

    /**
     * Tells the callers of calls under way, and gives those up that are not to wait and that no
     * agent has any more. Comes about once a second, and when there are news.
     */
    void lookAfter(
            Collection<PendingCall<?>> calls,
            BiConsumer<PendingCall<?>, UnservedException> giveUp) {
        synchronized (told) {
            told.keySet().removeIf(type -> served.unserved(type).isEmpty());
        }
        for (PendingCall<?> call : calls) {
            Options options = call.outgoing().function().options();
            if (options.whenUnserved() == WhenUnserved.WAIT) {
                tell(call);
            } else {
                served.abandoned(options.machineType())
                        .ifPresent(type ->
                                giveUp.accept(call, failure(call.outgoing(), type, type.loss())));
            }
        }
    }

    boolean hasNews() {
        return served.hasNews();
    }

    /** Whether there may be anything to look after. */
    boolean isAny() {
        return served.isAnyUnserved();
    }

    private static UnservedException failure(OutgoingCall call, UnservedType type, String message) {
        return new UnservedException(call.function().name() + ": " + message, type.name());
    }
}
