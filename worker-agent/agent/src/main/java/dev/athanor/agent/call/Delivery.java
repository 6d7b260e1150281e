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

    public String machineType() {
        return function.spec().getMachineType();
    }
}
