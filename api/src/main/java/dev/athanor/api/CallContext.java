package dev.athanor.api;

import java.util.Optional;

/**
 * What a function can know of the call that runs it.
 *
 * {@snippet :
 * int attempt = CallContext.current().map(CallContext::attempt).orElse(1);
 * }
 *
 * <p>A call is run again when the agent that ran it died: an attempt above the first tells a
 * function that an earlier one may have done part of its work. Immutable.
 */
public final class CallContext {
    private static final String CORRELATION_ID = "athanor.call.correlation-id";
    private static final String ATTEMPT = "athanor.call.attempt";

    private final String correlationId;
    private final int attempt;

    private CallContext(String correlationId, int attempt) {
        this.correlationId = correlationId;
        this.attempt = attempt;
    }

    /** The call that runs in this process; empty outside of a sandbox. */
    public static Optional<CallContext> current() {
        String correlationId = System.getProperty(CORRELATION_ID);
        return correlationId == null
                ? Optional.empty()
                : Optional.of(new CallContext(correlationId, Integer.getInteger(ATTEMPT, 1)));
    }

    /** Names the call, the same in all of its attempts. */
    public String correlationId() {
        return correlationId;
    }

    /** Which attempt this is, from 1: how often the function was called for this call. */
    public int attempt() {
        return attempt;
    }

    @Override
    public String toString() {
        return "%s, attempt %d".formatted(correlationId, attempt);
    }
}
