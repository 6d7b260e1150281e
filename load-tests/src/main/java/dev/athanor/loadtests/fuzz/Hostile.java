package dev.athanor.loadtests.fuzz;

import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.BlobChunk;
import dev.athanor.schemas.Bundle;
import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Digest;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.HotSandbox;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lease;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.LogLine;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.LogSource;
import dev.athanor.schemas.LogStream;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.SlotStatus;
import dev.athanor.schemas.StackFrame;
import dev.athanor.schemas.ThrowableData;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.WarmHint;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Well-formed records whose values nobody honest would write: negative sizes, huge counts, limits
 * at the ends of their ranges, unknown symbols, names of others. For one thread.
 */
final class Hostile {
    private static final long[] NUMBERS = {
        0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40
    };
    private static final List<String> NAMES =
            List.of(
                    "",
                    " ",
                    "XS",
                    "GPU",
                    "NOPE",
                    "../..",
                    "\u0000",
                    "a/b/c",
                    "*",
                    "default",
                    "none",
                    "x".repeat(1_000));

    private final Random random;
    private final Function<InvocationEnvelope, InvocationEnvelope> ownId;

    /**
     * @param ownId gives a copy of a real invocation an id of its own, so that nobody waits for it
     */
    Hostile(Random random, Function<InvocationEnvelope, InvocationEnvelope> ownId) {
        this.random = random;
        this.ownId = ownId;
    }

    /** One of the same kind as a real record; meaningless bytes stay as they are. */
    byte[] like(byte[] real) {
        SpecificRecordBase record;
        try {
            record = Codec.current().decode(real);
        } catch (UndecodableException e) {
            return real;
        }
        return Codec.current()
                .encode(
                        switch (record) {
                            case InvocationEnvelope envelope -> envelope(envelope);
                            case Lease lease -> lease(lease);
                            case AgentStatus _ -> status();
                            case Reply reply -> reply(reply.getCorrelationId());
                            case LogLines lines -> lines(lines.getCorrelationId());
                            case BlobChunk chunk -> chunk(chunk);
                            case SignedEnvelope _ -> cancellation();
                            default -> record;
                        });
    }

    /** A request that fits nobody, for a topic in which there is none. */
    static Sample cancellation(String topic) {
        SignedEnvelope envelope =
                new SignedEnvelope(encoded(new Cancellation("none", 0L, "")), null);
        return new Sample(topic, null, Codec.current().encode(envelope));
    }

    private InvocationEnvelope envelope(InvocationEnvelope real) {
        InvocationEnvelope.Builder envelope = InvocationEnvelope.newBuilder(ownId.apply(real));
        switch (random.nextInt(4)) {
            case 0 -> envelope.setAttempt(integer()).setHops(integer());
            case 1 ->
                    envelope.setLossesBeforeStart(integer())
                            .setLostAgents(IntStream.range(0, 500).mapToObj(i -> name()).toList());
            default -> envelope.setInvocation(invocation(envelope.getInvocation()));
        }
        return envelope.build();
    }

    private ByteBuffer invocation(ByteBuffer real) {
        Invocation invocation = decoded(real, Invocation.class);
        Invocation.Builder hostile = Invocation.newBuilder(invocation);
        switch (random.nextInt(7)) {
            case 0 -> hostile.setReplyPartition(integer());
            case 1 -> hostile.setCreatedAt(number());
            case 2 -> hostile.setArguments(new Payload(codec(), ByteBuffer.allocate(0), address()));
            case 3 ->
                    hostile.setArguments(
                            new Payload(codec(), invocation.getArguments().getContent(), null));
            case 4 -> hostile.setLimits(new Limits(0L, 0L, number(), number(), number()));
            case 5 -> hostile.setLimits(new Limits(number(), number(), 0L, 0L, 0L));
            default -> hostile.setFunction(function(invocation.getFunction()));
        }
        return encoded(hostile.build());
    }

    private ByteBuffer function(ByteBuffer real) {
        FunctionSpec.Builder hostile = FunctionSpec.newBuilder(decoded(real, FunctionSpec.class));
        switch (random.nextInt(7)) {
            case 0 -> hostile.setKeepAliveMillis(number());
            case 1 -> hostile.setMachineType(name());
            case 2 -> hostile.setEntryPoint(new EntryPoint(name(), name(), name(), integer()));
            case 3 -> hostile.setBundles(List.of(new Bundle(address())));
            case 4 -> hostile.setEnvironment(environment(List.of(name())));
            case 5 -> hostile.setEnvironment(environment(List.of()));
            default -> hostile.setName(name());
        }
        return encoded(hostile.build());
    }

    private EnvironmentSpec environment(List<String> requirements) {
        EnvironmentKind[] kinds = {
            EnvironmentKind.PYTHON, EnvironmentKind.CONTAINER, EnvironmentKind.UNKNOWN
        };
        // Of a kind that is run here only where there is nothing to look up elsewhere.
        EnvironmentKind kind =
                requirements.isEmpty() ? kinds[random.nextInt(kinds.length)] : EnvironmentKind.JVM;
        return new EnvironmentSpec(kind, "", requirements, List.of(), Map.of(), name(), false);
    }

    private Lease lease(Lease real) {
        return Lease.newBuilder(real)
                .setCorrelationId(name())
                .setAgent(name())
                .setAttempt(integer())
                .setEpoch(number())
                .setStarted(random.nextBoolean())
                .setStartedAt(number())
                .setMachineType(name())
                .setEnvelope(envelope(real.getEnvelope()))
                .build();
    }

    private AgentStatus status() {
        return new AgentStatus(
                name(),
                number(),
                name(),
                number(),
                List.of(new SlotStatus(name(), integer(), integer(), random.nextBoolean(), null)),
                List.of(new HotSandbox(digest(), name(), true, number())),
                List.of(),
                random.nextBoolean());
    }

    private Reply reply(String correlationId) {
        Outcome[] outcomes = Outcome.values();
        FailureCode[] codes = FailureCode.values();
        ThrowableData thrown =
                new ThrowableData(
                        name(),
                        name(),
                        List.of(new StackFrame(name(), name(), name(), integer())),
                        integer(),
                        List.of(integer(), 0));
        return Reply.newBuilder()
                .setCorrelationId(correlationId)
                .setOutcome(outcomes[random.nextInt(outcomes.length)])
                .setAttempt(integer())
                .setResult(new Payload(codec(), ByteBuffer.allocate(0), address()))
                .setFailure(
                        random.nextBoolean()
                                ? null
                                : new Failure(
                                        codes[random.nextInt(codes.length)],
                                        name(),
                                        random.nextBoolean() ? List.of() : List.of(thrown),
                                        new Payload(codec(), ByteBuffer.allocate(0), address()),
                                        name(),
                                        List.of(name())))
                .setAgent(name())
                .setPhases(new PhaseTimes(number(), number(), number(), number()))
                .setHint(new WarmHint(name(), digest(), number(), integer()))
                .setDroppedLogLines(number())
                .setStreamItems(number())
                .build();
    }

    private LogLines lines(String correlationId) {
        return new LogLines(
                correlationId,
                integer(),
                number(),
                List.of(new LogLine(LogSource.UNKNOWN, LogStream.UNKNOWN, number(), name())));
    }

    private BlobChunk chunk(BlobChunk real) {
        return new BlobChunk(real.getDigest(), integer(), integer(), real.getContent());
    }

    private SignedEnvelope cancellation() {
        return new SignedEnvelope(encoded(new Cancellation(name(), number(), name())), null);
    }

    private BlobAddress address() {
        return new BlobAddress(digest(), number(), integer(), number(), number());
    }

    private Digest digest() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return new Digest(bytes);
    }

    private PayloadCodec codec() {
        PayloadCodec[] codecs = PayloadCodec.values();
        return codecs[random.nextInt(codecs.length)];
    }

    private long number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private int integer() {
        return Math.clamp(number(), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private static <T extends SpecificRecordBase> T decoded(ByteBuffer buffer, Class<T> type) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return Codec.current().decode(bytes, type);
    }

    private static ByteBuffer encoded(SpecificRecordBase record) {
        return ByteBuffer.wrap(Codec.current().encode(record));
    }
}
