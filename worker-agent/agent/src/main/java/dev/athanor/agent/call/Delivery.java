package dev.athanor.agent.call;

import dev.athanor.agent.cancel.CallId;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import java.time.Instant;

/**
 * An invocation that a slot has taken.
 *
 * @param tenant whose it is, from the verified key
 * @param function what it calls
 * @param takenAt by the agent's clock
 */
public record Delivery(
        String tenant,
        InvocationEnvelope envelope,
        Invocation invocation,
        KnownFunction function,
        Instant takenAt) {
    public String correlationId() {
        return invocation.getCorrelationId();
    }

    CallId id() {
        return new CallId(tenant, correlationId());
    }

    /** Where it runs: its function's machine type, or a larger one that it needed. */
    public String machineType() {
        return machineType(envelope, function);
    }

    /** The machine type of an invocation that calls the function. */
    public static String machineType(InvocationEnvelope envelope, KnownFunction function) {
        String larger = envelope.getEscalatedTo();
        return larger.isEmpty() ? function.spec().getMachineType() : larger;
    }
}
