package dev.athanor.environment.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.athanor.environment.build.Environment;
import dev.athanor.environment.build.EnvironmentDefinition;
import dev.athanor.environment.build.EnvironmentKind;
import dev.athanor.environment.build.EnvironmentStore;
import dev.athanor.environment.build.PythonEnvironmentBuilder;
import dev.athanor.environment.build.RepositoryTrust;
import dev.athanor.environment.sandbox.Call;
import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.runtime.protocol.PayloadCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Makes calls of Python functions as the client of that language does, and reads their results. */
public final class PythonCalls {
    /** Pickles the function that the program defines, with arguments, by value. */
    private static final String PICKLE =
            """

            import cloudpickle, pickle, sys
            sys.stdout.buffer.write(pickle.dumps((cloudpickle.dumps(f), arguments, {})))
            """;

    private static final String SHOW =
            "import pickle, sys; print(repr(pickle.load(sys.stdin.buffer)), end='')";

    private final Path python;

    private PythonCalls(Path python) {
        this.python = python;
    }

    /** Builds an environment, as an agent does, that also the calls are made with. */
    public static PythonCalls in(Path folder, String... requirements) throws InterruptedException {
        EnvironmentDefinition definition =
                new EnvironmentDefinition(
                        EnvironmentKind.PYTHON, "", List.of(requirements), List.of(), Map.of());
        PythonEnvironmentBuilder builder =
                new PythonEnvironmentBuilder(
                        folder.resolve("cache"), RepositoryTrust.LIMITED, System.getenv());
        try (EnvironmentStore store =
                new EnvironmentStore(
                        folder.resolve("environments"), builder, InstantSource.system())) {
            Environment environment =
                    store.obtain(definition, false, Duration.ofMinutes(5), System.out::println);
            return new PythonCalls(environment.interpreter());
        }
    }

    /** The interpreter of the environment. */
    public Path python() {
        return python;
    }

    /**
     * Makes a call.
     *
     * @param program defines {@code f}
     * @param arguments for it, as in a tuple, each with a comma
     */
    public Call of(String program, String arguments) throws IOException, InterruptedException {
        return new Call(
                "test",
                1,
                PayloadCodec.PICKLE,
                new EntryPoint("", "f", "", 0),
                run(program + "\narguments = (" + arguments + ")" + PICKLE, new byte[0]),
                Calls.MAX_RESULT_BYTES);
    }

    /** What Python shows of a result. */
    public String show(byte[] pickle) throws IOException, InterruptedException {
        return new String(run(SHOW, pickle), UTF_8);
    }

    private byte[] run(String program, byte[] input) throws IOException, InterruptedException {
        return Pythons.run(python.toString(), program, input);
    }
}
