package dev.athanor.agent.call;

import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.outcome.CallFailure;
import dev.athanor.environment.outcome.CallFailures;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes replies. Safe for any number of threads. */
public final class Replies {
    private static final int MAX_ORIGINAL = 256 * 1024;
    private static final int MAX_TYPES = 32;

    private final String agent;
    private final Payloads payloads;
    private final CallFailures failures;

    /**
     * @param agent the agent's id
     * @param failures says what went wrong
     */
    public Replies(String agent, Payloads payloads, CallFailures failures) {
        this.agent = agent;
        this.payloads = payloads;
        this.failures = failures;
    }

    /** The reply of a call that ended without its function having been called. */
    public Reply failed(
            Delivery delivery,
            Outcome outcome,
            FailureCode code,
            @Nullable String message,
            PhaseTimes phases) {
        return reply(delivery, outcome, phases).setFailure(failure(code, message)).build();
    }

    /**
     * The reply of a call that its caller cancelled.
     *
     * @param when how far it had come
     */
    Reply cancelled(Delivery delivery, String when, PhaseTimes phases) {
        return failed(
                delivery,
                Outcome.CANCELLED,
                FailureCode.CANCELLED,
                "it was cancelled " + when,
                phases);
    }

    /** The reply of a call that a sandbox ended. */
    Reply.Builder ended(
            Delivery delivery, MachineType machineType, CallResult result, PhaseTimes phases)
            throws InterruptedException {
        return switch (result) {
            case CallResult.Succeeded succeeded -> succeeded(delivery, succeeded, phases);
            case CallResult.Threw threw -> threw(delivery, machineType, threw, phases);
            case CallResult.Rejected rejected ->
                    reply(delivery, Outcome.FAILED, phases)
                            .setFailure(failure(delivery, failures.of(rejected)));
            case CallResult.NotStarted notStarted ->
                    throw new IllegalArgumentException("has not ended: " + notStarted.message());
            case CallResult.Died died -> died(delivery, machineType, died, phases);
        };
    }

    private Reply.Builder succeeded(
            Delivery delivery, CallResult.Succeeded result, PhaseTimes phases)
            throws InterruptedException {
        phases = ran(phases, result.runNanos());
        try {
            Payload payload =
                    payloads.payload(delivery.tenant(), codec(result.codec()), result.bytes());
            return reply(delivery, Outcome.SUCCEEDED, phases)
                    .setResult(payload)
                    .setDroppedLogLines(result.droppedLogLines());
        } catch (PayloadLostException e) {
            return reply(delivery, Outcome.FAILED, phases)
                    .setFailure(failure(FailureCode.INVALID_RESULT, e.getMessage()));
        }
    }

    private Reply.Builder threw(
            Delivery delivery,
            MachineType machineType,
            CallResult.Threw result,
            PhaseTimes phases) {
        return reply(delivery, Outcome.FAILED, ran(phases, result.runNanos()))
                .setFailure(failure(delivery, failures.of(result, machineType)))
                .setDroppedLogLines(result.droppedLogLines());
    }

    private Reply.Builder died(
            Delivery delivery, MachineType machineType, CallResult.Died result, PhaseTimes phases) {
        return reply(delivery, Outcome.FAILED, phases)
                .setFailure(failure(delivery, failures.of(result, machineType)));
    }

    /** Sets every field: the builder copies the default of each that is left out. */
    private Reply.Builder reply(Delivery delivery, Outcome outcome, PhaseTimes phases) {
        return Reply.newBuilder()
                .setCorrelationId(delivery.correlationId())
                .setOutcome(outcome)
                .setAttempt(delivery.envelope().getAttempt())
                .setResult(null)
                .setFailure(null)
                .setAgent(agent)
                .setHot(false)
                .setPhases(phases)
                .setHint(null)
                .setDroppedLogLines(0)
                .setStreamItems(0)
                .setEscalatedFrom(delivery.envelope().getEscalatedFrom());
    }

    private static Failure failure(Delivery delivery, CallFailure failure) {
        return new Failure(
                FailureCode.valueOf(failure.kind().name()),
                cut(failure.message()),
                ThrowableRecords.of(failure.throwables()),
                original(delivery, failure.original()),
                failure.largerMachineType(),
                failure.thrownTypes().stream().limit(MAX_TYPES).map(Replies::cut).toList());
    }

    private static Failure failure(FailureCode code, @Nullable String message) {
        return new Failure(
                code, message == null ? "" : cut(message), List.of(), null, "", List.of());
    }

    private static @Nullable Payload original(Delivery delivery, byte @Nullable [] bytes) {
        if (bytes == null || bytes.length > MAX_ORIGINAL) {
            return null;
        }
        boolean isPython =
                delivery.function().spec().getEnvironment().getKind() == EnvironmentKind.PYTHON;
        return new Payload(
                isPython ? PayloadCodec.PICKLE : PayloadCodec.JAVA, ByteBuffer.wrap(bytes), null);
    }

    private static PhaseTimes ran(PhaseTimes phases, long runNanos) {
        return new PhaseTimes(
                phases.getQueue(),
                phases.getBuild(),
                phases.getStart(),
                Math.max(0, runNanos / 1_000));
    }

    /** How Kafka names a codec of sandboxes. */
    static PayloadCodec codec(byte code) {
        return switch (code) {
            case dev.athanor.runtime.protocol.PayloadCodec.JAVA -> PayloadCodec.JAVA;
            case dev.athanor.runtime.protocol.PayloadCodec.JSON -> PayloadCodec.JSON;
            case dev.athanor.runtime.protocol.PayloadCodec.PICKLE -> PayloadCodec.PICKLE;
            default -> PayloadCodec.UNKNOWN;
        };
    }

    private static String cut(String message) {
        int max = 16 * 1024;
        return message.length() <= max ? message : message.substring(0, max) + "…";
    }
}
