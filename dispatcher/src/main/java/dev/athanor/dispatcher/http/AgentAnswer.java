package dev.athanor.dispatcher.http;

import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.GpuStatus;
import dev.athanor.schemas.HotSandbox;
import dev.athanor.schemas.SlotStatus;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent, as its last heartbeat says.
 *
 * @param state {@code live}, {@code draining}: it ends what it runs and takes nothing, or {@code
 *     silent}: it has not beaten for longer than an agent may
 * @param silentMillis for how long it has not beaten, at least
 */
record AgentAnswer(
        String id,
        String state,
        String version,
        long silentMillis,
        List<Slots> slots,
        List<Hot> hot,
        List<Gpu> gpus) {
    record Slots(String machineType, int total, int free, @Nullable SizeAnswer size) {}

    record Hot(String sandbox, String machineType, boolean idle) {}

    record Gpu(String uuid, String model, long memoryBytes, boolean healthy) {}

    static AgentAnswer of(AgentStatus agent, Duration silence, Duration patience) {
        return new AgentAnswer(
                agent.getAgent(),
                state(agent, silence.compareTo(patience) < 0),
                agent.getVersion(),
                silence.toMillis(),
                agent.getSlots().stream().map(AgentAnswer::slots).toList(),
                agent.getHot().stream().map(AgentAnswer::hot).toList(),
                agent.getGpus().stream().map(AgentAnswer::gpu).toList());
    }

    private static String state(AgentStatus agent, boolean isLive) {
        if (!isLive) {
            return "silent";
        }
        return agent.getDraining() ? "draining" : "live";
    }

    private static Slots slots(SlotStatus slots) {
        return new Slots(
                slots.getMachineType(),
                slots.getTotal(),
                slots.getFree(),
                SizeAnswer.of(slots.getSize()));
    }

    private static Hot hot(HotSandbox hot) {
        return new Hot(
                HexFormat.of().formatHex(hot.getSandboxKey().bytes()),
                hot.getMachineType(),
                hot.getIdle());
    }

    private static Gpu gpu(GpuStatus gpu) {
        return new Gpu(gpu.getUuid(), gpu.getModel(), gpu.getMemoryBytes(), gpu.getHealthy());
    }
}
