package dev.athanor.agent.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Reply;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;

/** Makes calls of Python functions. For one thread. */
public final class PythonCaller implements AutoCloseable {
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

    private final RawCaller calls;
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
        calls = new RawCaller(bootstrapServers);
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
        return calls.publish(
                function, PayloadCodec.PICKLE, python(source.getBytes(UTF_8), PICKLE, arguments));
    }

    /** Publishes a call and waits for its reply. */
    public Reply call(FunctionSpec function, String source, String arguments)
            throws IOException, InterruptedException, ExecutionException {
        return calls.reply(publish(function, source, arguments));
    }

    /** What Python shows of a payload. */
    public static String show(Payload payload) throws IOException, InterruptedException {
        return new String(python(RawCaller.bytes(payload), SHOW), UTF_8);
    }

    /** What publishes and reads. */
    public RawCaller calls() {
        return calls;
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
        calls.close();
    }
}
