package dev.athanor.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;

/** One filled record of every top-level type, every field set. */
final class Samples {
    private static final String ID = "0193a5d0-5b3c-7c11-9a5e-0123456789ab";
    private static final long AT = 1_700_000_000_000L;

    private Samples() {}

    static List<SpecificRecordBase> all() {
        return List.of(
                new BlobChunk(digest(), 1, 3, bytes("chunk")),
                function(),
                invocation(),
                envelope(),
                new Cancellation(ID, AT, "acme"),
                new SignedEnvelope(bytes("content"), signature()),
                reply(),
                new StreamItem(ID, 2, 7L, payload(), "run-1"),
                new StreamCredit(ID, "run-1", 24L, "acme"),
                new SecretsKey(bytes("keyset")),
                new Secret("tenant", "TOKEN", AT, bytes("ciphertext")),
                new LogLines(ID, 2, 40L, List.of(line())),
                new Lease(ID, "agent-1", 2, AT, false, AT + 1, "M", envelope()),
                status(),
                new MachineTypeStatus("M", size(), 2, 3, 1),
                new KeyRecord("key-1", KeyRole.TENANT, "acme", bytes("key"), AT, AT + 1, "laptop"),
                new VolumeClaim("0193a5d0", "/srv/athanor", true, "agent-1"),
                new JobEvent(
                        ID,
                        "acme",
                        "Text.shout",
                        "M",
                        2,
                        JobState.FAILED,
                        AT,
                        AT + 1,
                        "agent-1",
                        FailureCode.FUNCTION_THREW,
                        "no such joke",
                        3,
                        AT + 2,
                        AT + 3,
                        bytes("reply"),
                        bytes("next"),
                        2_000L,
                        "https://acme.test/hook"),
                new DeadLetter(
                        DeadLetterReason.ATTEMPTS_EXHAUSTED,
                        "three agents died",
                        AT,
                        "agent-1",
                        "athanor.invocations.M",
                        0,
                        42L,
                        3,
                        bytes("value"),
                        List.of(line())));
    }

    private static Invocation invocation() {
        return Invocation.newBuilder()
                .setCorrelationId(ID)
                .setCreatedAt(AT)
                .setFunction(ByteBuffer.wrap(Codec.current().encode(function())))
                .setArguments(payload())
                .setReplyPartition(3)
                .setLimits(new Limits(AT + 1, AT + 2, 300_000L, 120_000L, 600_000L))
                .setBatch(new BatchMember(ID, 5L))
                .setParent(ID)
                .setDepth(2)
                .setJob(true)
                .setWantsLogs(false)
                .setTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .setKeepResultMillis(AT + 3)
                .setWebhook("https://acme.test/hook")
                .setStreamWindow(8)
                .build();
    }

    private static FunctionSpec function() {
        return FunctionSpec.newBuilder()
                .setName("Text.shout")
                .setEntryPoint(new EntryPoint("com.acme.Text", "shout", "(Ljava/lang/String;)V", 6))
                .setEnvironment(
                        new EnvironmentSpec(
                                EnvironmentKind.JVM,
                                "25",
                                List.of("org.apache.commons:commons-text:1.13.0"),
                                List.of(new Repository("acme", "https://repo.acme.test/maven")),
                                Map.of("org.apache.commons:commons-text:1.13.0", "ab12"),
                                "acme/image:1",
                                true))
                .setBundles(List.of(new Bundle(address())))
                .setMachineType("M")
                .setKeepAliveMillis(20_000L)
                .setSecrets(List.of("TOKEN"))
                .setNetwork(false)
                .setMaxEscalations(2)
                .setRetries(
                        new RetryPolicy(
                                5, 2_000L, 1.5, 60_000L, 0.25, List.of("java.io.IOException")))
                .setSandboxOptions(Map.of("jvm.flags", "-Xss2m"))
                .build();
    }

    private static InvocationEnvelope envelope() {
        return new InvocationEnvelope(
                bytes("invocation"),
                signature(),
                2,
                List.of("agent-0"),
                3,
                1,
                List.of("S"),
                "M",
                "acme",
                4,
                1,
                signature());
    }

    private static Reply reply() {
        return Reply.newBuilder()
                .setCorrelationId(ID)
                .setEscalatedFrom(List.of("XS", "S"))
                .setOutcome(Outcome.FAILED)
                .setAttempt(2)
                .setResult(new Payload(PayloadCodec.JSON, bytes(""), address()))
                .setFailure(
                        new Failure(
                                FailureCode.FUNCTION_THREW,
                                "no such joke",
                                List.of(
                                        new ThrowableData(
                                                "java.lang.IllegalStateException",
                                                "no such joke",
                                                List.of(
                                                        new StackFrame(
                                                                "com.acme.Jokes",
                                                                "tell",
                                                                "Jokes.java",
                                                                12)),
                                                -1,
                                                List.of(0))),
                                payload(),
                                "L",
                                List.of("java.lang.IllegalStateException")))
                .setAgent("agent-1")
                .setHot(true)
                .setPhases(new PhaseTimes(1L, 2L, 3L, 4L))
                .setHint(new WarmHint("agent-1", digest(), 60_000L, 2))
                .setDroppedLogLines(9L)
                .setStreamItems(8L)
                .build();
    }

    private static AgentStatus status() {
        return new AgentStatus(
                "agent-1",
                AT,
                "0.1.0",
                AT + 1,
                List.of(new SlotStatus("M", 2, 1, true, size())),
                List.of(new HotSandbox(digest(), "M", true, AT + 2)),
                List.of(new GpuStatus("GPU-1", "T4", 16L << 30, false)),
                true);
    }

    private static MachineSize size() {
        return new MachineSize(2.5, 8L << 30, 1, "T4");
    }

    private static LogLine line() {
        return new LogLine(LogSource.FUNCTION, LogStream.STDERR, AT, "a line");
    }

    private static Payload payload() {
        return new Payload(PayloadCodec.JAVA, bytes("payload"), null);
    }

    private static Signature signature() {
        return new Signature("key-1", AT, bytes("signature"));
    }

    private static BlobAddress address() {
        return new BlobAddress(digest(), 5L, 2, 10L, 12L);
    }

    private static Digest digest() {
        byte[] bytes = new byte[32];
        IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) i);
        return new Digest(bytes);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
