package dev.athanor.agent.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.agent.call.Delivery;
import dev.athanor.agent.call.KnownFunction;
import dev.athanor.environment.machine.MachineTypes;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EscalationsTest {
    private final Escalations escalations =
            new Escalations(MachineTypes.REFERENCE, Set.of("XS", "S", "L", "GPU-T4")::contains);

    @Test
    void aCallMovesToTheNextLargerMachineTypeThatIsServed() {
        assertThat(escalations.of(delivery("XS", 3), outOfMemory())).contains("S");
        assertThat(escalations.of(delivery("S", 3), outOfMemory()))
                .as("nobody serves M")
                .contains("L");
    }

    @Test
    void aCallThatMovedGoesOnFromWhereItIs() {
        assertThat(escalations.of(delivery("XS", 3, "XS", "S"), outOfMemory())).contains("L");
    }

    @Test
    void itEndsWhereNothingLargerIsServed() {
        assertThat(escalations.of(delivery("GPU-T4", 3), outOfMemory())).isEmpty();
        assertThat(escalations.of(delivery("unknown", 3), outOfMemory())).isEmpty();
    }

    @Test
    void itMovesAsOftenAsItsFunctionWants() {
        assertThat(escalations.of(delivery("XS", 0), outOfMemory())).isEmpty();
        assertThat(escalations.of(delivery("XS", 1, "XS", "S"), outOfMemory())).isEmpty();
    }

    @Test
    void onlyShortMemoryMovesACall() {
        assertThat(escalations.of(delivery("XS", 3), failed(FailureCode.FUNCTION_THREW))).isEmpty();
        assertThat(escalations.of(delivery("XS", 3), failed(FailureCode.SANDBOX_DIED))).isEmpty();
        assertThat(escalations.of(delivery("XS", 3), reply(Outcome.SUCCEEDED).build())).isEmpty();
    }

    /** A call that is on the last of the machine types and came by way of the others. */
    private static Delivery delivery(String machineType, int maxEscalations, String... path) {
        FunctionSpec spec = Deliveries.function(machineType, maxEscalations);
        List<String> types = List.of(path);
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder(Deliveries.envelope("id-0", 1))
                        .setEscalatedFrom(types.subList(0, Math.max(0, types.size() - 1)))
                        .setEscalatedTo(types.isEmpty() ? "" : types.getLast())
                        .build();
        return new Delivery(
                "default",
                envelope,
                Deliveries.invocation("id-0", machineType),
                new KnownFunction.Refused(spec, FailureCode.UNKNOWN, ""),
                Instant.EPOCH);
    }

    private static Reply outOfMemory() {
        return failed(FailureCode.OUT_OF_MEMORY);
    }

    private static Reply failed(FailureCode code) {
        return reply(Outcome.FAILED)
                .setFailure(new Failure(code, "", List.of(), null, "", List.of()))
                .build();
    }

    private static Reply.Builder reply(Outcome outcome) {
        return Reply.newBuilder()
                .setCorrelationId("id-0")
                .setOutcome(outcome)
                .setAgent("agent-1")
                .setPhases(new PhaseTimes());
    }
}
