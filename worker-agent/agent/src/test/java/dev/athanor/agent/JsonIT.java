package dev.athanor.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.RawCaller;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Java functions that are called with JSON, by whoever has no Java. */
class JsonIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final String TYPE = "XS";

    @TempDir private static Path folder;
    private static Agent agent;
    private static RawCaller caller;

    @BeforeAll
    static void start() throws InterruptedException {
        agent = CLUSTER.agent("json", Map.of(TYPE, 1), folder, new SimpleMeterRegistry());
        caller = new RawCaller(CLUSTER.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        caller.close();
        agent.close();
    }

    @Test
    void argumentsAreBoundAndTheResultIsJson() throws Exception {
        Reply reply = call("[20, 22]");

        assertThat(reply.getOutcome()).as(reply.toString()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(reply.getResult().getCodec()).isEqualTo(PayloadCodec.JSON);
        assertThat(new String(RawCaller.bytes(reply.getResult()), UTF_8)).isEqualTo("42");
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheParameter() throws Exception {
        Reply reply = call("[20, \"22\"]");

        assertThat(reply.getFailure().getCode()).isEqualTo(FailureCode.INVALID_INVOCATION);
        assertThat(reply.getFailure().getMessage())
                .isEqualTo("parameter 2: expected int, got \"22\"");
    }

    @Test
    void whatTheFunctionThrowsIsAsEver() throws Exception {
        Reply reply = call("[2147483647, 1]");

        assertThat(reply.getFailure().getCode()).isEqualTo(FailureCode.FUNCTION_THREW);
        assertThat(reply.getFailure().getMessage()).isEqualTo("integer overflow");
    }

    private static Reply call(String json) throws Exception {
        FunctionSpec function =
                FunctionSpec.newBuilder()
                        .setName("addExact")
                        .setEntryPoint(new EntryPoint("java/lang/Math", "addExact", "(II)I", 6))
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
                        .setMachineType(TYPE)
                        .build();
        return caller.reply(caller.publish(function, PayloadCodec.JSON, json.getBytes(UTF_8)));
    }
}
