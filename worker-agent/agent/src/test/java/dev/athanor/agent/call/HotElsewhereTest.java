package dev.athanor.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.Digest;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.HotSandbox;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.SlotStatus;
import dev.athanor.schemas.agents.SeenAgent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HotElsewhereTest {
    private static final SandboxKey KEY = new SandboxKey("ab".repeat(32));
    private static final SandboxKey OTHER = new SandboxKey("cd".repeat(32));

    /** By the clock of the other agent, which has nothing to do with ours. */
    private static final long ITS_NOW = 77_000;

    private final List<SeenAgent> agents = new ArrayList<>();
    private long ticks = Duration.ofHours(-3).toNanos();
    private final HotElsewhere elsewhere = new HotElsewhere("me", () -> agents, () -> ticks);

    @Test
    void anIdleHotSandboxOfAnAgentWithAFreeSlotIsFound() {
        seen(status("you", 1, KEY, true, 10_000, false));

        assertThat(lane(0)).contains(new Lane("you", "M"));
        assertThat(elsewhere.lane(delivery("XL", 0), KEY)).as("of another size").isEmpty();
        assertThat(elsewhere.lane(delivery("M", 0), OTHER)).as("of another function").isEmpty();
    }

    @Test
    void aCallIsLedOnOnce() {
        seen(status("you", 1, KEY, true, 10_000, false));

        assertThat(lane(1)).isEmpty();
    }

    @Test
    void whatCannotServeItAtOnceIsNotAsked() {
        seen(status("me", 1, KEY, true, 10_000, false));
        seen(status("full", 0, KEY, true, 10_000, false));
        seen(status("busy", 1, KEY, false, 10_000, false));
        seen(status("ending", 1, KEY, true, 200, false));
        seen(status("leaving", 1, KEY, true, 10_000, true));
        seen(status("../forged", 1, KEY, true, 10_000, false));

        assertThat(lane(0)).isEmpty();
    }

    @Test
    void whatWasHeardLongAgoSaysNothing() {
        seen(status("you", 1, KEY, true, 60_000, false));

        ticks += Duration.ofSeconds(3).toNanos();
        assertThat(lane(0)).isPresent();
        ticks += 1;
        assertThat(lane(0)).isEmpty();
    }

    @Test
    void theTimeSinceItWasHeardCounts() {
        seen(status("you", 1, KEY, true, 2_000, false));

        ticks += Duration.ofMillis(1_700).toNanos();
        assertThat(lane(0)).isPresent();
        ticks += Duration.ofMillis(100).toNanos();
        assertThat(lane(0)).isEmpty();
    }

    private Optional<Lane> lane(int hops) {
        return elsewhere.lane(delivery("M", hops), KEY);
    }

    private void seen(AgentStatus status) {
        agents.add(new SeenAgent(status, ticks));
    }

    private static AgentStatus status(
            String agent, int free, SandboxKey key, boolean idle, long hotMillis, boolean leaves) {
        return AgentStatus.newBuilder()
                .setAgent(agent)
                .setEpoch(1)
                .setVersion("test")
                .setBeatAt(ITS_NOW)
                .setSlots(
                        List.of(
                                new SlotStatus("M", 2, free, false, null),
                                new SlotStatus("XL", 1, 1, false, null)))
                .setHot(
                        List.of(
                                new HotSandbox(
                                        new Digest(HexFormat.of().parseHex(key.hex())),
                                        "M",
                                        idle,
                                        ITS_NOW + hotMillis)))
                .setGpus(List.of())
                .setDraining(leaves)
                .build();
    }

    private static Delivery delivery(String machineType, int hops) {
        FunctionSpec spec =
                FunctionSpec.newBuilder()
                        .setName("test")
                        .setEntryPoint(new EntryPoint("Test", "run", "()V", 6))
                        .setEnvironment(
                                new EnvironmentSpec(
                                        EnvironmentKind.JVM,
                                        "",
                                        List.of(),
                                        List.of(),
                                        Map.of(),
                                        "",
                                        false))
                        .setBundles(List.of())
                        .setMachineType(machineType)
                        .build();
        Invocation invocation =
                Invocation.newBuilder()
                        .setCorrelationId("id")
                        .setCreatedAt(0)
                        .setFunction(ByteBuffer.allocate(0))
                        .setArguments(new Payload(PayloadCodec.JAVA, ByteBuffer.allocate(0), null))
                        .setReplyPartition(0)
                        .setLimits(new Limits())
                        .build();
        return new Delivery(
                "default",
                InvocationEnvelope.newBuilder()
                        .setInvocation(ByteBuffer.allocate(0))
                        .setHops(hops)
                        .build(),
                invocation,
                new KnownFunction.Refused(spec, FailureCode.UNKNOWN, "not asked for"),
                Instant.EPOCH);
    }
}
