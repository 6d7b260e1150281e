package dev.athanor.api.internal.local;

import static dev.athanor.api.Athanor.S;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.logs;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.api.LocalHost;
import dev.athanor.api.LogLine;
import dev.athanor.api.Option;
import dev.athanor.api.TimedOutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that call others, on the local host with a single slot. */
class NestedLocalIT {
    @TempDir private static Path cache;
    private static LocalHost local;
    private static Option here;

    @TempDir private Path folder;

    @BeforeAll
    static void open() {
        local =
                // Its functions leave their marks in files and processes of this machine.
                LocalHost.builder()
                        .isolation("process")
                        .cacheFolder(cache)
                        .slots(1)
                        .grace(Duration.ofMillis(500))
                        .build();
        here = host(local);
    }

    @AfterAll
    static void close() {
        local.close();
    }

    @Test
    void aFunctionCallsAnotherInASandboxOfItsOwn() {
        List<String> results = isolated(Nest::callsAMethodAndALambda, here).call("hello");

        assertThat(results.get(0)).startsWith("HELLO in ");
        assertThat(results.get(1)).isEqualTo("hello!");
        assertThat(pid(results.get(0)))
                .isNotEqualTo(pid(results.get(2)))
                .isNotEqualTo(Long.toString(ProcessHandle.current().pid()));
    }

    private static String pid(String text) {
        return text.replaceFirst(".* ", "");
    }

    @Test
    void aFanOutAndManyCallsAtOnceEndInOneSlot() {
        assertThat(isolated(Nest::sumOfTwice, here).call(20)).isEqualTo(380);
        assertThat(isolated(Nest::sumOfManySubmitted, here).call(1_500)).isEqualTo(2_248_500);
    }

    @Test
    void functionsThatWaitForOthersLendThemTheirPlace() {
        assertThat(isolated(Nest::deep, here).call(5)).isEqualTo("5 4 3 2 1 bottom");
        assertThat(isolated(Nest::deep, here).call(8)).endsWith("1 bottom");
    }

    @Test
    void oneThatCallsItselfWithoutEndIsTold() {
        assertThatThrownBy(() -> isolated(Nest::deep, here).call(9))
                .isInstanceOf(FunctionFailedException.class)
                .hasRootCauseInstanceOf(InvalidFunctionException.class)
                .rootCause()
                .hasMessageContaining("more than 8 deep");
    }

    @Test
    void whatANestedFunctionThrowsIsCaughtAsItWas() {
        assertThat(isolated(Nest::whatItCatches, here).call("x"))
                .isEqualTo(
                        Jobs.OwnException.class.getName()
                                + ": cannot use x, caused by "
                                + NumberFormatException.class.getName()
                                + ": x");
    }

    @Test
    void whatIsNotCaughtComesWithAllItsCauses() {
        assertThatThrownBy(() -> isolated(Nest::failsWithIt, here).call("x"))
                .isInstanceOf(FunctionFailedException.class)
                .hasRootCauseInstanceOf(NumberFormatException.class)
                .cause()
                .isInstanceOf(FunctionFailedException.class)
                .cause()
                .isInstanceOf(Jobs.OwnException.class)
                .hasStackTraceContaining("Jobs.fail(");
    }

    @ParameterizedTest
    @CsvSource({
        "exits, SandboxDiedException: Jobs.exit: the sandbox exited with status 3",
        "has no machine, InvalidOptionException: machineType(XXL) is not possible",
        "cannot be sent, UnserializableException",
        "has a client, InvalidFunctionException: an isolated function has no client",
        "is too large, TooLargeException: Jobs.reversed"
    })
    void errorsAreThoseThatACallerGetsAtHome(String which, String expected) {
        assertThat(isolated(Nest::classOfWhatItCatches, here, machineType(S)).call(which))
                .startsWith(expected);
    }

    @Test
    void aNestedFunctionHasRequirementsOfItsOwn() {
        assertThat(isolated(Nest::capitalized, here).call("hello world")).isEqualTo("Hello World");
    }

    @Test
    void largeValuesTravelBothWays() {
        byte[] bytes = new byte[3 << 20];
        new Random(3).nextBytes(bytes);

        assertThat(isolated(Nest::reversedTwice, here).call(bytes)).isEqualTo(bytes);
    }

    @Test
    void linesOfANestedFunctionReachTheCaller() {
        Queue<String> lines = new ConcurrentLinkedQueue<>();

        isolated(Nest::callsAMethodAndALambda, here, logs(line -> add(lines, line))).call("hello");

        assertThat(lines).contains("shouting hello");
    }

    private static void add(Queue<String> lines, LogLine line) {
        lines.add(line.text());
    }

    @Test
    void cancellingTheOuterCallStopsTheInnerOne() {
        Path started = folder.resolve("started");
        Path interrupted = folder.resolve("interrupted");
        CompletableFuture<String> call =
                isolated(Nest::waitsForOne, here)
                        .submit(started.toString(), interrupted.toString());
        await().until(() -> Files.exists(started));

        call.cancel(false);

        await().until(() -> Files.exists(interrupted));
    }

    @Test
    void theTimeoutOfTheOuterCallStopsTheInnerOne() {
        Path started = folder.resolve("started");
        Path interrupted = folder.resolve("interrupted");

        assertThatThrownBy(() ->
                        isolated(Nest::waitsForOne, here, timeout(Duration.ofSeconds(3)))
                                .call(started.toString(), interrupted.toString()))
                .isInstanceOf(TimedOutException.class);

        await().until(() -> !Files.exists(started) || Files.exists(interrupted));
    }

    @Test
    void aCallThatIsLeftBehindIsStopped() {
        Path started = folder.resolve("started");
        Path interrupted = folder.resolve("interrupted");

        assertThat(
                        isolated(Nest::leavesOneBehind, here)
                                .call(started.toString(), interrupted.toString()))
                .isEqualTo("left");

        await().until(() -> Files.exists(interrupted));
    }

    @Test
    void aFunctionCancelsACallOfItsOwn() {
        Path started = folder.resolve("started");
        Path interrupted = folder.resolve("interrupted");

        assertThat(
                        isolated(Nest::cancelsOne, here)
                                .call(started.toString(), interrupted.toString()))
                .isEqualTo("cancelled true");

        await().until(() -> Files.exists(interrupted));
    }
}
