package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lease;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Leases as agents would write them. */
final class Leases {
    private Leases() {}

    static Lease lease(String correlationId, String agent, long epoch, int attempt) {
        return new Lease(
                correlationId,
                agent,
                attempt,
                epoch,
                true,
                0L,
                "M",
                InvocationEnvelope.newBuilder()
                        .setInvocation(
                                ByteBuffer.wrap(Codec.current().encode(invocation(correlationId))))
                        .setAttempt(attempt)
                        .build());
    }

    private static Invocation invocation(String correlationId) {
        return Invocation.newBuilder()
                .setCorrelationId(correlationId)
                .setCreatedAt(0)
                .setFunction(ByteBuffer.wrap(Codec.current().encode(function())))
                .setArguments(new Payload(PayloadCodec.JAVA, ByteBuffer.allocate(0), null))
                .setReplyPartition(0)
                .setLimits(new Limits())
                .build();
    }

    private static FunctionSpec function() {
        return FunctionSpec.newBuilder()
                .setName("test")
                .setEntryPoint(new EntryPoint("Test", "run", "()V", 6))
                .setEnvironment(
                        new EnvironmentSpec(
                                EnvironmentKind.JVM, "", List.of(), List.of(), Map.of(), "", false))
                .setBundles(List.of())
                .setMachineType("M")
                .build();
    }
}
