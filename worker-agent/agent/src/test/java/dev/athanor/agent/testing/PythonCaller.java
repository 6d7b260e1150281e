package dev.athanor.agent.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.Topics;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.Assumptions;

/** Publishes calls of Python functions, and reads what comes back. For one thread. */
public final class PythonCaller implements AutoCloseable {
    private static final String TENANT = "default";
    private static final String REQUIRED = "ATHANOR_TESTS_REQUIRED";

    /** Carries the function's source, since the caller has no more than the standard library. */
    private static final String PICKLE =
            """
            import pickle, sys
            source = sys.stdin.read()
            class Source:
                def __reduce__(self):
                    return eval, ("(lambda names: (exec(%r, names), names['f'])[1])({})" % source,)
            code = pickle.dumps(Source())
            sys.stdout.buffer.write(pickle.dumps((code, eval(sys.argv[1]), {})))
            """;

    private static final String SHOW =
            "import pickle, sys; print(repr(pickle.load(sys.stdin.buffer)), end='')";
    private static final String VERSION =
            "import sys; print('%d.%d' % sys.version_info[:2], end='')";

    private final Producer<byte[], byte[]> producer;
    private final TopicReader replies;
    private final String version;

    /** Leaves the tests out where uv is not installed, unless all tests are required. */
    public PythonCaller(String bootstrapServers) throws IOException, InterruptedException {
        boolean hasUv =
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "uv")));
        if (!hasUv && System.getenv(REQUIRED) == null) {
            System.err.println("LEFT OUT: calls of Python functions. To run them: pip install uv.");
            Assumptions.assumeThat(hasUv).isTrue();
        }
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
        producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        replies = new TopicReader(settings, Topics.replies(TENANT));
        version = new String(python(new byte[0], VERSION), UTF_8);
    }

    /** A function whose sandbox is kept, with the caller's version of Python. */
    public FunctionSpec function(String machineType, String... requirements) {
        return FunctionSpec.newBuilder()
                .setName("f")
                .setEntryPoint(new EntryPoint("", "f", "", 0))
                .setEnvironment(
                        new EnvironmentSpec(
                                EnvironmentKind.PYTHON,
                                version,
                                List.of(requirements),
                                List.of(),
                                Map.of(),
                                "",
                                false))
                .setBundles(List.of())
                .setMachineType(machineType)
                .setKeepAliveMillis(120_000)
                .build();
    }

    /**
     * Publishes a call.
     *
     * @param source defines {@code f}
     * @param arguments for it, an expression of a tuple
     * @return its correlation id
     */
    public String publish(FunctionSpec function, String source, String arguments)
            throws IOException, InterruptedException, ExecutionException {
        return publish(
                function, PayloadCodec.PICKLE, python(source.getBytes(UTF_8), PICKLE, arguments));
    }

    /** Publishes a call with any arguments. */
    public String publish(FunctionSpec function, PayloadCodec codec, byte[] arguments)
            throws InterruptedException, ExecutionException {
        String id = UUID.randomUUID().toString();
        Invocation invocation =
                Invocation.newBuilder()
                        .setCorrelationId(id)
                        .setCreatedAt(System.currentTimeMillis())
                        .setFunction(ByteBuffer.wrap(Codec.current().encode(function)))
                        .setArguments(new Payload(codec, ByteBuffer.wrap(arguments)))
                        .setReplyPartition(0)
                        .setLimits(new Limits())
                        .build();
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder()
                        .setInvocation(ByteBuffer.wrap(Codec.current().encode(invocation)))
                        .build();
        producer.send(
                        new ProducerRecord<>(
                                Topics.invocations(function.getMachineType()),
                                id.getBytes(UTF_8),
                                Codec.current().encode(envelope)))
                .get();
        return id;
    }

    /** Asks for the end of a call. */
    public void cancel(String id) throws InterruptedException, ExecutionException {
        byte[] content = Codec.current().encode(new Cancellation(id, 0L));
        SignedEnvelope envelope =
                SignedEnvelope.newBuilder().setContent(ByteBuffer.wrap(content)).build();
        producer.send(new ProducerRecord<>(Topics.CANCELLATIONS, Codec.current().encode(envelope)))
                .get();
    }

    /** The reply of a call, once it is there. */
    public Reply reply(String id) {
        return await().until(
                        () -> records(id).filter(Reply.class::isInstance).findFirst(),
                        found -> found.isPresent())
                .map(Reply.class::cast)
                .orElseThrow();
    }

    /** The lines of a call that have come so far. */
    public List<String> lines(String id) {
        return records(id)
                .filter(LogLines.class::isInstance)
                .flatMap(lines -> ((LogLines) lines).getLines().stream())
                .map(line -> line.getSource() + " " + line.getText())
                .toList();
    }

    private Stream<Object> records(String id) {
        return replies.all().stream()
                .filter(each -> id.equals(new String(each.key(), UTF_8)))
                .map(each -> Codec.current().decode(each.value()));
    }

    /** Publishes a call and waits for its reply. */
    public Reply call(FunctionSpec function, String source, String arguments)
            throws IOException, InterruptedException, ExecutionException {
        return reply(publish(function, source, arguments));
    }

    /** What Python shows of a payload. */
    public static String show(Payload payload) throws IOException, InterruptedException {
        ByteBuffer content = ((ByteBuffer) payload.getContent()).duplicate();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return new String(python(bytes, SHOW), UTF_8);
    }

    private static byte[] python(byte[] input, String program, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("python3", "-c", program);
        builder.command().addAll(List.of(arguments));
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().write(input);
        process.getOutputStream().close();
        byte[] output = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException("python3 ended with status " + process.exitValue());
        }
        return output;
    }

    @Override
    public void close() {
        producer.close();
        replies.close();
    }
}
