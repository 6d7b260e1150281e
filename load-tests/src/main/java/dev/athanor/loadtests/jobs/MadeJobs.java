package dev.athanor.loadtests.jobs;

import static dev.athanor.api.Athanor.XS;

import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.job.KnownJob;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Makes jobs of a function that there is not. Safe for any number of threads. */
final class MadeJobs {
    private static final int ARGUMENT_BYTES = 100;
    private static final int TIME_BITS = 16;
    private static final long VERSION = 0x7000;

    private final InstantSource clock = InstantSource.system();
    private final ByteBuffer function =
            ByteBuffer.wrap(
                    Codec.current()
                            .encode(
                                    FunctionSpec.newBuilder()
                                            .setName("none")
                                            .setEntryPoint(new EntryPoint("a.B", "none", "()V", 6))
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
                                            .setMachineType(XS)
                                            .build()));

    /** A new job as its caller submits it. */
    InvocationEnvelope next() {
        return known().envelope();
    }

    /** That a new job is queued, and that it has ended. */
    List<JobEvent> events() {
        KnownJob job = known();
        Reply reply =
                Reply.newBuilder()
                        .setCorrelationId(job.invocation().getCorrelationId())
                        .setOutcome(Outcome.SUCCEEDED)
                        .setAgent("bench")
                        .setPhases(new PhaseTimes())
                        .setResult(
                                new Payload(
                                        PayloadCodec.JAVA,
                                        ByteBuffer.allocate(ARGUMENT_BYTES),
                                        null))
                        .build();
        return List.of(job.queued(clock.millis()), job.ended(reply, clock.millis()));
    }

    byte[] key(JobEvent event) {
        return event.getCorrelationId().getBytes(StandardCharsets.UTF_8);
    }

    private KnownJob known() {
        Invocation invocation =
                Invocation.newBuilder()
                        .setCorrelationId(newId())
                        .setCreatedAt(clock.millis())
                        .setFunction(function.duplicate())
                        .setArguments(
                                new Payload(
                                        PayloadCodec.JAVA,
                                        ByteBuffer.allocate(ARGUMENT_BYTES),
                                        null))
                        .setReplyPartition(-1)
                        .setLimits(new Limits())
                        .setJob(true)
                        .build();
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder()
                        .setInvocation(ByteBuffer.wrap(Codec.current().encode(invocation)))
                        .build();
        return new KnownJob(DispatcherConfig.DEFAULT_TENANT, envelope, invocation, "none", XS);
    }

    private String newId() {
        return new UUID(
                        (clock.millis() << TIME_BITS) | VERSION,
                        Long.MIN_VALUE | (ThreadLocalRandom.current().nextLong() >>> 2))
                .toString();
    }
}
