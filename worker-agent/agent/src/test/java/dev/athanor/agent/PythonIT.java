package dev.athanor.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.PythonCaller;
import dev.athanor.agent.testing.RawCaller;
import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.isolation.NetworkPolicy;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.StackFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions in Python on an agent, as bare processes and by the best isolation of the machine. */
@ParameterizedClass
@EnumSource(
        value = Isolation.class,
        names = {"PROCESS", "AUTO"})
class PythonIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final String TYPE = "XS";

    @TempDir private static Path folder;
    private static Agent agent;
    private static PythonCaller caller;

    @Parameter private Isolation isolation;

    @BeforeParameterizedClassInvocation
    static void start(Isolation isolation) throws Exception {
        agent =
                CLUSTER.agent(
                        "python-" + isolation,
                        Map.of(TYPE, 2),
                        folder.resolve(isolation.toString()),
                        new SimpleMeterRegistry(),
                        config ->
                                config.withIsolation(
                                        isolation == Isolation.AUTO
                                                        && System.getenv("ATHANOR_TESTS_REQUIRED")
                                                                != null
                                                ? Isolation.BUBBLEWRAP
                                                : isolation,
                                        NetworkPolicy.open()));
        caller = new PythonCaller(CLUSTER.bootstrapServers());
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (caller != null) {
            caller.close();
        }
        agent.close();
    }

    @Test
    void aRequirementIsInstalledAndTheSecondCallIsHot() throws Exception {
        FunctionSpec function = caller.function(TYPE, "pyjokes==0.8.3");
        String source =
                """
                def f(name):
                    import pyjokes
                    print('telling', name)
                    return name, len(pyjokes.get_jokes()) > 10
                """;

        String first = caller.publish(function, source, "('one',)");

        Reply cold = caller.calls().reply(first);
        assertThat(cold.getOutcome()).as(cold.toString()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(cold.getResult().getCodec()).isEqualTo(PayloadCodec.PICKLE);
        assertThat(PythonCaller.show(cold.getResult())).isEqualTo("('one', True)");
        assertThat(cold.getHot()).isFalse();
        await().untilAsserted(() ->
                assertThat(caller.calls().lines(first))
                        .contains("BUILD + pyjokes==0.8.3", "FUNCTION telling one"));
        Reply hot = caller.call(function, source, "('two',)");
        assertThat(PythonCaller.show(hot.getResult())).isEqualTo("('two', True)");
        assertThat(hot.getHot()).isTrue();
    }

    @Test
    void anExceptionComesAsDataAndAsItself() throws Exception {
        Reply reply =
                call(
                        """
                        def g(x):
                            return [1][x]

                        def f(x):
                            try:
                                g(x)
                            except IndexError as e:
                                raise ValueError('no luck') from e
                        """,
                        "(7,)");

        assertThat(reply.getOutcome()).isEqualTo(Outcome.FAILED);
        assertThat(reply.getFailure().getCode()).isEqualTo(FailureCode.FUNCTION_THREW);
        assertThat(reply.getFailure().getMessage()).isEqualTo("no luck");
        assertThat(reply.getFailure().getThrowables())
                .extracting(thrown -> thrown.getClassName())
                .containsExactly("ValueError", "IndexError");
        assertThat(reply.getFailure().getThrowables().get(1).getFrames())
                .extracting(StackFrame::getMethodName)
                .containsExactly("g", "f");
        assertThat(reply.getFailure().getOriginal().getCodec()).isEqualTo(PayloadCodec.PICKLE);
        assertThat(PythonCaller.show(reply.getFailure().getOriginal()))
                .isEqualTo("ValueError('no luck')");
    }

    @Test
    void aMissingModuleIsARequirementToAdd() throws Exception {
        Reply reply = call("def f():\n  import pyjokes", "()");

        assertThat(reply.getFailure().getMessage())
                .isEqualTo(
                        "No module named 'pyjokes': add what brings it to the function's"
                                + " requirements");
    }

    @Test
    void aProcessThatLeavesOrCrashesCostsItsOwnSandboxOnly() throws Exception {
        assertThat(died("def f():\n  import os; os._exit(3)"))
                .isEqualTo("the sandbox exited with status 3 (os._exit?)");
        assertThat(died("def f():\n  import ctypes; ctypes.string_at(0)"))
                .isEqualTo("the sandbox crashed with signal 11 (segmentation fault)");

        assertThat(PythonCaller.show(call("def f(): return 'on'", "()").getResult()))
                .isEqualTo("'on'");
    }

    @Test
    void memoryBeyondTheMachineTypeNamesTheNextLargerOne() throws Exception {
        assumeTrue(agent.missingLimits().isEmpty());

        Reply reply = call("def f(): return len(bytearray(1 << 30))", "()");

        assertThat(reply.getFailure().getCode()).isEqualTo(FailureCode.OUT_OF_MEMORY);
        assertThat(reply.getFailure().getLargerMachineType()).isEqualTo("S");
    }

    @Test
    void anEndlessLoopIsCancelledAndItsSandboxStaysHot() throws Exception {
        FunctionSpec function = caller.function(TYPE);
        String id = caller.publish(function, "def f():\n  print('in')\n  while True: pass", "()");
        await().until(() -> caller.calls().lines(id).contains("FUNCTION in"));

        caller.calls().cancel(id);

        Reply reply = caller.calls().reply(id);
        assertThat(reply.getOutcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(reply.getFailure().getMessage()).isEqualTo("it was cancelled while it ran");
        assertThat(caller.call(function, "def f(): return 1", "()").getHot()).isTrue();
    }

    @Test
    void theAgentsFilesAreNotThereButTheData() throws Exception {
        assumeTrue(agent.isolation().startsWith("bubblewrap"), agent::isolation);
        String source =
                """
                def f(*paths):
                    import os
                    return [os.path.exists(path) for path in paths], os.environ['ATHANOR_DATA']
                """;

        Reply reply =
                call(source, "('%s', '/data')".formatted(folder.resolve(isolation.toString())));

        assertThat(PythonCaller.show(reply.getResult())).isEqualTo("([False, True], '/data')");
    }

    @Test
    void aWrongRequirementFailsWithTheMessageOfUv() throws Exception {
        Reply reply = caller.call(caller.function(TYPE, "pyjokes==99.0"), "def f(): pass", "()");

        assertThat(reply.getFailure().getCode()).isEqualTo(FailureCode.BUILD_FAILED);
        assertThat(reply.getFailure().getMessage())
                .startsWith("No solution found when resolving dependencies: ")
                .contains("pyjokes==99.0");
    }

    @Test
    void argumentsThatAreNoPickleAreRefused() throws Exception {
        String id =
                caller.calls()
                        .publish(
                                caller.function(TYPE),
                                PayloadCodec.PICKLE,
                                "no pickle".getBytes(UTF_8));

        Reply reply = caller.calls().reply(id);
        assertThat(reply.getFailure().getCode()).isEqualTo(FailureCode.INVALID_INVOCATION);
        assertThat(reply.getFailure().getMessage()).contains("cannot be read: ");
    }

    @Test
    void aFunctionOfAModuleTakesJson() throws Exception {
        FunctionSpec function =
                FunctionSpec.newBuilder(caller.function(TYPE))
                        .setEntryPoint(new EntryPoint("textwrap", "shorten", "", 0))
                        .build();

        String fits = publishJson(function, "{\"text\":\"one two three\",\"width\":9}");
        String lacks = publishJson(function, "[\"one\"]");

        Payload result = caller.calls().reply(fits).getResult();
        assertThat(result.getCodec()).isEqualTo(PayloadCodec.JSON);
        assertThat(new String(RawCaller.bytes(result), UTF_8)).isEqualTo("\"one [...]\"");
        assertThat(caller.calls().reply(lacks).getFailure().getCode())
                .isEqualTo(FailureCode.INVALID_INVOCATION);
        assertThat(caller.calls().reply(lacks).getFailure().getMessage())
                .contains("missing a required argument: 'width'");
    }

    private static String publishJson(FunctionSpec function, String json) throws Exception {
        return caller.calls().publish(function, PayloadCodec.JSON, json.getBytes(UTF_8));
    }

    private static String died(String source) throws Exception {
        Reply reply = call(source, "()");
        assertThat(reply.getFailure().getCode()).isEqualTo(FailureCode.SANDBOX_DIED);
        return reply.getFailure().getMessage();
    }

    private static Reply call(String source, String arguments) throws Exception {
        return caller.call(caller.function(TYPE), source, arguments);
    }
}
