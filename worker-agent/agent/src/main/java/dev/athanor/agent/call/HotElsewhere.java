package dev.athanor.agent.call;

import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.HotSandbox;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.agents.SeenAgent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Finds another agent where a call that would start cold here is hot. A call is led there once: it
 * runs wherever it comes then. Safe for any number of threads.
 */
public final class HotElsewhere {
    /** What was heard longer ago says little of what is idle now. */
    private static final Duration FRESH = Duration.ofSeconds(3);

    /** What the call takes on its way there. */
    private static final Duration MARGIN = Duration.ofMillis(250);

    private final String agent;
    private final Supplier<? extends Collection<SeenAgent>> agents;
    private final LongSupplier ticker;

    /**
     * @param agent this one
     * @param agents what is known of all; none: no call is ever led elsewhere
     * @param ticker that what is known was seen by
     */
    public HotElsewhere(
            String agent, Supplier<? extends Collection<SeenAgent>> agents, LongSupplier ticker) {
        this.agent = agent;
        this.agents = agents;
        this.ticker = ticker;
    }

    /** The lane of an agent with a slot that is free and a sandbox that is hot and idle. */
    Optional<Lane> lane(Delivery delivery, SandboxKey sandboxKey) {
        if (delivery.envelope().getHops() > 0) {
            return Optional.empty();
        }
        byte[] digest = HexFormat.of().parseHex(sandboxKey.hex());
        return agents.get().stream()
                .filter(other -> isHot(other, delivery.machineType(), digest))
                .map(other -> other.status().getAgent())
                .filter(name -> !name.equals(agent))
                .flatMap(name -> Lane.of(name, delivery.machineType()).stream())
                .findAny();
    }

    private boolean isHot(SeenAgent other, String machineType, byte[] digest) {
        AgentStatus status = other.status();
        Duration silence = Duration.ofNanos(ticker.getAsLong() - other.seenAtNanos());
        if (status.getDraining() || silence.compareTo(FRESH) > 0) {
            return false;
        }
        // Both by that agent's clock.
        long neededUntil = status.getBeatAt() + silence.plus(MARGIN).toMillis();
        return status.getSlots().stream()
                        .anyMatch(slots ->
                                slots.getMachineType().equals(machineType) && slots.getFree() > 0)
                && status.getHot().stream()
                        .anyMatch(sandbox ->
                                sandbox.getIdle()
                                        && sandbox.getHotUntil() > neededUntil
                                        && is(sandbox, machineType, digest));
    }

    private static boolean is(HotSandbox sandbox, String machineType, byte[] digest) {
        return sandbox.getMachineType().equals(machineType)
                && Arrays.equals(sandbox.getSandboxKey().bytes(), digest);
    }
}
