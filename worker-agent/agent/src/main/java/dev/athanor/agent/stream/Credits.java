package dev.athanor.agent.stream;

import dev.athanor.agent.cancel.CallId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/** The calls here that yield, each with the way to let it go further. For any number of threads. */
public final class Credits {
    private final Map<Run, LongConsumer> open = new ConcurrentHashMap<>();

    /** One run of a call's function. */
    private record Run(CallId call, String name) {}

    /**
     * Passes on what is granted to a run, until {@link #close}.
     *
     * @param run unlike that of any other run
     * @param grant takes how far it may go; must not block
     */
    public void open(CallId call, String run, LongConsumer grant) {
        open.put(new Run(call, run), grant);
    }

    public void close(CallId call, String run) {
        open.remove(new Run(call, run));
    }

    /**
     * Lets a run go further where it is one of this agent.
     *
     * @param tenant who says so; empty: an operator, for any tenant's
     */
    void grant(Optional<String> tenant, String correlationId, String run, long upTo) {
        find(tenant, correlationId, run).forEach(grant -> grant.accept(upTo));
    }

    private List<LongConsumer> find(Optional<String> tenant, String correlationId, String run) {
        if (tenant.isPresent()) {
            LongConsumer grant = open.get(new Run(new CallId(tenant.get(), correlationId), run));
            return grant == null ? List.of() : List.of(grant);
        }
        return open.entrySet().stream()
                .filter(each ->
                        each.getKey().name().equals(run)
                                && each.getKey().call().correlationId().equals(correlationId))
                .map(Map.Entry::getValue)
                .toList();
    }
}
