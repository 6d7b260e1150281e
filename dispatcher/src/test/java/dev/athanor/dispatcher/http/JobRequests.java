package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.job.KnownJob;
import dev.athanor.schemas.keys.Signer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Makes jobs as callers would, of functions that there are not. */
final class JobRequests {
    private static final AtomicLong IDS = new AtomicLong(Long.MIN_VALUE | System.nanoTime());

    private JobRequests() {}

    static KnownJob job(String function) {
        return job(function, "XS");
    }

    static KnownJob job(String function, String machineType) {
        FunctionSpec spec =
                FunctionSpec.newBuilder()
                        .setName(function)
                        .setEntryPoint(new EntryPoint("a.B", function, "()V", 6))
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
        return known(
                Invocation.newBuilder()
                        .setCorrelationId(newId())
                        .setCreatedAt(System.currentTimeMillis())
                        .setFunction(ByteBuffer.wrap(Codec.current().encode(spec)))
                        .setArguments(new Payload(PayloadCodec.JAVA, ByteBuffer.allocate(0), null))
                        .setReplyPartition(-1)
                        .setLimits(new Limits())
                        .setJob(true)
                        .build(),
                machineType);
    }

    /** Of version 7, and larger each time. */
    static String newId() {
        long time = System.currentTimeMillis() << 16 | 0x7000;
        return new UUID(time, IDS.incrementAndGet()).toString();
    }

    static KnownJob known(Invocation invocation, String machineType) {
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder()
                        .setInvocation(ByteBuffer.wrap(Codec.current().encode(invocation)))
                        .build();
        FunctionSpec spec =
                Codec.current().decode(invocation.getFunction().array(), FunctionSpec.class);
        return new KnownJob(
                DispatcherConfig.DEFAULT_TENANT, envelope, invocation, spec.getName(), machineType);
    }

    /** The job's envelope, signed. */
    static InvocationEnvelope signed(KnownJob job, Signer signer) {
        byte[] invocation = Codec.current().encode(job.invocation());
        return InvocationEnvelope.newBuilder()
                .setInvocation(ByteBuffer.wrap(invocation))
                .setSignature(signer.sign(invocation))
                .build();
    }
}
