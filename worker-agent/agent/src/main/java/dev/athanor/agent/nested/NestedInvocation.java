package dev.athanor.agent.nested;

import dev.athanor.agent.call.Delivery;
import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.runtime.protocol.NestedFunction;
import dev.athanor.schemas.Bundle;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.Repository;
import dev.athanor.schemas.attempt.Attempts;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A call that a function makes, as an invocation: its caller's in everything but what it says
 * itself. It ends when its caller does, at the latest.
 *
 * @param parent the call whose function makes it
 * @param function what it calls
 * @param createdAt by the agent's clock
 * @param callerEnds when the parent will have ended
 */
record NestedInvocation(
        Delivery parent, NestedFunction function, Instant createdAt, Instant callerEnds) {
    private static final long LONGEST_MILLIS = Duration.ofDays(365).toMillis();

    /** What agents need beside the limits: noticing that one of them died, writing the reply. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    /** How deep a call is; its caller may have said anything. */
    static int depth(Delivery call) {
        return Math.max(0, call.invocation().getDepth());
    }

    /** When no attempt may start or go on any more. */
    Instant deadline() {
        Duration attempt =
                millis(function.buildTimeoutMillis())
                        .plus(millis(function.startTimeoutMillis()))
                        .plus(millis(function.timeoutMillis()));
        return earlier(
                callerEnds,
                createdAt
                        .plus(millis(function.queueTimeoutMillis()))
                        .plus(attempt.multipliedBy(Attempts.DEFAULT_MAX))
                        .plus(MARGIN));
    }

    Invocation invocation(
            String correlationId, List<Bundle> bundles, Payload arguments, int replyPartition) {
        return Invocation.newBuilder()
                .setCorrelationId(correlationId)
                .setCreatedAt(createdAt.toEpochMilli())
                .setFunction(ByteBuffer.wrap(Codec.current().encode(spec(bundles))))
                .setArguments(arguments)
                .setReplyPartition(replyPartition)
                .setLimits(limits())
                .setWantsLogs(function.wantsLogs())
                .setParent(parent.correlationId())
                .setDepth(depth(parent) + 1)
                .build();
    }

    private Limits limits() {
        Instant queued = createdAt.plus(millis(function.queueTimeoutMillis()));
        return Limits.newBuilder()
                .setQueueDeadline(earlier(callerEnds, queued).toEpochMilli())
                .setOverallDeadline(deadline().toEpochMilli())
                .setExecutionTimeoutMillis(millis(function.timeoutMillis()).toMillis())
                .setStartTimeoutMillis(millis(function.startTimeoutMillis()).toMillis())
                .setBuildTimeoutMillis(millis(function.buildTimeoutMillis()).toMillis())
                .build();
    }

    private FunctionSpec spec(List<Bundle> bundles) {
        EntryPoint entryPoint = function.entryPoint();
        return FunctionSpec.newBuilder()
                .setName(function.name())
                .setEntryPoint(
                        new dev.athanor.schemas.EntryPoint(
                                entryPoint.owner(),
                                entryPoint.name(),
                                entryPoint.descriptor(),
                                entryPoint.referenceKind()))
                .setEnvironment(
                        EnvironmentSpec.newBuilder()
                                .setKind(EnvironmentKind.JVM)
                                .setRequirements(function.requirements())
                                .setRepositories(
                                        function.repositories().stream()
                                                .map(NestedInvocation::repository)
                                                .toList())
                                .setChecksums(function.checksums())
                                .setRebuild(function.rebuild())
                                .build())
                .setBundles(bundles)
                .setSecrets(function.secrets())
                .setMachineType(function.machineType())
                .setKeepAliveMillis(function.keepAliveMillis())
                .setNetwork(function.network() && parent.function().spec().getNetwork())
                .build();
    }

    private static Repository repository(String named) {
        String[] parts = named.split("::", 2);
        return new Repository(parts.length < 2 ? "" : parts[0], parts[parts.length - 1]);
    }

    /** What a sandbox says may be anything. */
    private static Duration millis(long claimed) {
        return Duration.ofMillis(Math.clamp(claimed, 1, LONGEST_MILLIS));
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
