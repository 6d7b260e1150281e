package dev.athanor.agent;

import dev.athanor.agent.slot.Slots;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.pool.HotPool;
import dev.athanor.environment.pool.HotStatus;
import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.Digest;
import dev.athanor.schemas.HotSandbox;
import dev.athanor.schemas.MachineSize;
import dev.athanor.schemas.SlotStatus;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an agent says of itself in its heartbeats. Safe for any number of threads. */
final class StatusReport {
    private static final String VERSION =
            Optional.ofNullable(Agent.class.getPackage().getImplementationVersion())
                    .orElse("development");

    private final String agent;
    private final Map<String, MachineSize> machineTypes;
    private final Slots slots;
    private final HotPool pool;
    private final InstantSource clock;

    StatusReport(
            String agent,
            Collection<MachineType> machineTypes,
            Slots slots,
            HotPool pool,
            InstantSource clock) {
        this.agent = agent;
        this.machineTypes =
                machineTypes.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        MachineType::name, StatusReport::size));
        this.slots = slots;
        this.pool = pool;
        this.clock = clock;
    }

    AgentStatus of(long epoch) {
        long now = clock.millis();
        return new AgentStatus(
                agent,
                epoch,
                VERSION,
                now,
                machineTypes.keySet().stream().map(this::slots).toList(),
                pool.status().stream().map(sandbox -> hot(sandbox, now)).toList(),
                List.of(),
                slots.isDraining());
    }

    private SlotStatus slots(String machineType) {
        int total = (int) slots.total(machineType);
        int free = slots.isRunning() ? Math.max(0, total - (int) slots.busy(machineType)) : 0;
        return new SlotStatus(
                machineType,
                total,
                free,
                slots.takesMany(machineType),
                machineTypes.get(machineType));
    }

    private static MachineSize size(MachineType type) {
        return new MachineSize(type.cpus(), type.memoryBytes(), type.gpus(), type.gpuModel());
    }

    private static HotSandbox hot(HotStatus sandbox, long now) {
        return new HotSandbox(
                new Digest(HexFormat.of().parseHex(sandbox.key().hex())),
                sandbox.machineType().name(),
                sandbox.idle(),
                saturatedSum(now, sandbox.remaining().toMillis()));
    }

    private static long saturatedSum(long a, long b) {
        return b > Long.MAX_VALUE - a ? Long.MAX_VALUE : a + b;
    }
}
