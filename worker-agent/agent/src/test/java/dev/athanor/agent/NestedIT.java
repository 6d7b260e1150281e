package dev.athanor.agent;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.logs;
import static dev.athanor.api.Athanor.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.Nest;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.api.Option;
import dev.athanor.api.SandboxDiedException;
import dev.athanor.api.TimedOutException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that call others, on an agent with a single slot of each machine type. */
class NestedIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private static Path agentFolder;
    private static Agent agent;
    private static AthanorClient client;
    private static Option here;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws InterruptedException {
        agent =
                CLUSTER.agent(
                        "nested",
                        Map.of("XS", 1, "M", 1),
                        agentFolder,
                        new SimpleMeterRegistry(),
                        config ->
                                config.withLimits(config.limits().withGrace(Duration.ofMillis(500)))
                                        .withDrain(Duration.ofSeconds(1)));
        client = CLUSTER.client();
        here = host(cloud(client));
    }

    @AfterAll
    static void stop() {
        client.close();
        agent.close();
    }

    @Test
    void aFunctionCallsOthersInSandboxesOfTheirOwn() {
        assertThat(isolated(Nest::callsAMethodAndALambda, here).call("hello")).isEqualTo("hello!?");
        List<Long> processIds = isolated(Nest::processIds, here).call();
        assertThat(processIds).doesNotHaveDuplicates();
    }

    @Test
    void aFanOutEndsInOneSlot() {
        assertThat(isolated(Nest::sumOfTwice, here).call(300)).isEqualTo(89_700);
    }

    @Test
    void functionsThatWaitForOthersLendThemTheirSlot() {
        assertThat(isolated(Nest::deep, here).call(3)).isEqualTo("3 2 1 bottom");
    }

    @Test
    void manyThatWaitAtOnceDoNotStopOneAnother() {
        List<CompletableFuture<Integer>> calls =
                IntStream.range(0, 3)
                        .mapToObj(i -> isolated(Nest::wideAndDeep, here).submit(2))
                        .toList();

        assertThat(calls)
                .allSatisfy(call ->
                        assertThat(call).succeedsWithin(PATIENCE.multipliedBy(2)).isEqualTo(4));
    }

    @Test
    void aNestedFunctionHasAMachineAndRequirementsOfItsOwn() {
        assertThat(isolated(Nest::onM, here).call("x")).isEqualTo("x!");
        assertThat(isolated(Nest::capitalized, here).call("hello world")).isEqualTo("Hello World");
    }

    @Test
    void oneThatCallsItselfWithoutEndIsTold() throws InterruptedException {
        assertThatThrownBy(() -> isolated(Nest::deep, here).call(100))
                .isInstanceOf(FunctionFailedException.class)
                .hasRootCauseInstanceOf(InvalidFunctionException.class)
                .rootCause()
                .hasMessageContaining("more than 8 deep");
    }

    @Test
    void whatANestedFunctionThrowsIsCaughtAsItWas() {
        assertThat(isolated(Nest::whatItCatches, here).call("x"))
                .startsWith("java.lang.IllegalStateException: cannot use x, caused by")
                .contains("NumberFormatException");
    }

    @ParameterizedTest
    @CsvSource({
        "exits, SandboxDiedException: Jobs.exit: the sandbox exited with status 3",
        "has no machine, InvalidOptionException: machineType(XSS) is not possible: expected one that",
        "cannot be built, BuildFailedException"
    })
    void errorsAreThoseThatACallerGetsAtHome(String which, String expected) {
        assertThat(isolated(Nest::classOfWhatItCatches, here).call(which)).startsWith(expected);
    }

    @Test
    void largeValuesTravelBothWays() {
        assertThat(isolated(Nest::reversesLargeValues, here).call(1 << 20)).isTrue();
    }

    @Test
    void linesOfANestedFunctionReachTheCaller() {
        Queue<String> lines = new ConcurrentLinkedQueue<>();

        isolated(Nest::callsAMethodAndALambda, here, logs(line -> lines.add(line.text())))
                .call("hello");

        assertThat(lines).contains("shouting hello");
    }

    @Test
    void cancellingTheOuterCallStopsTheInnerOne() {
        Path file = folder.resolve("inner");
        CompletableFuture<String> call = isolated(Nest::waitsForOne, here).submit(file.toString());
        await().atMost(PATIENCE).until(() -> Files.exists(file) && !text(file).isEmpty());

        call.cancel(false);

        await().atMost(PATIENCE).until(() -> text(file).endsWith("interrupted"));
    }

    @Test
    void theTimeoutOfTheOuterCallStopsTheInnerOne() {
        Path file = folder.resolve("inner");

        assertThatThrownBy(() ->
                        isolated(Nest::waitsForOne, here, timeout(Duration.ofSeconds(5)))
                                .call(file.toString()))
                .isInstanceOf(TimedOutException.class);

        await().atMost(PATIENCE)
                .until(() -> !Files.exists(file) || text(file).endsWith("interrupted"));
    }

    @Test
    void theDeathOfTheOuterSandboxStopsTheInnerCall() {
        Path file = folder.resolve("inner");

        assertThatThrownBy(() -> isolated(Nest::startsOneAndExits, here).call(file.toString()))
                .isInstanceOf(SandboxDiedException.class);

        await().atMost(PATIENCE).until(() -> text(file).endsWith("interrupted"));
    }

    @Test
    void aFanOutSpreadsOverTheAgents(@TempDir Path other) throws InterruptedException {
        try (Agent second =
                CLUSTER.agent("nested-2", Map.of("XS", 1), other, new SimpleMeterRegistry())) {
            Set<String> agents = isolated(Nest::agentsOfOthers, here, logs(line -> {})).call(40);

            assertThat(second.isReady()).isTrue();
            assertThat(agents).contains("nested", "nested-2");
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
