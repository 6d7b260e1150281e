package dev.athanor.agent.call;

import dev.athanor.schemas.Digest;
import dev.athanor.schemas.WarmHint;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Tells callers where what they called stays hot. Safe for any number of threads. */
public final class WarmHints implements AutoCloseable {
    private final String agent;
    private final Map<String, Integer> slots;
    private volatile boolean open;

    /**
     * @param slots how many slots of which machine type the agent has
     * @param open false: none is ever given, and calls go to whatever agent takes them first
     */
    public WarmHints(String agent, Map<String, Integer> slots, boolean open) {
        this.agent = agent;
        this.slots = Map.copyOf(slots);
        this.open = open;
    }

    /** The hint for further calls of a function whose sandbox is kept; empty where none is due. */
    Optional<WarmHint> of(KnownFunction.Runs function) {
        if (!open) {
            return Optional.empty();
        }
        return Optional.of(
                new WarmHint(
                        agent,
                        new Digest(HexFormat.of().parseHex(function.sandboxKey().hex())),
                        function.keepAlive().toMillis(),
                        slots.getOrDefault(function.machineType().name(), 1)));
    }

    /** From now on none is given: the agent is about to leave. */
    @Override
    public void close() {
        open = false;
    }
}
