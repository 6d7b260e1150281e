package dev.athanor.api.internal.local;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.S;
import static dev.athanor.api.Athanor.cached;
import static dev.athanor.api.Athanor.checksums;
import static dev.athanor.api.Athanor.escalate;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.logs;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.onOutOfMemory;
import static dev.athanor.api.Athanor.queueTimeout;
import static dev.athanor.api.Athanor.rebuild;
import static dev.athanor.api.Athanor.requirements;
import static dev.athanor.api.Athanor.secrets;
import static dev.athanor.api.Athanor.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.BuildFailedException;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.Function0;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.api.InvalidOptionException;
import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.IsolatedFunction2;
import dev.athanor.api.LocalHost;
import dev.athanor.api.LogLine;
import dev.athanor.api.Option;
import dev.athanor.api.RefusedResultException;
import dev.athanor.api.SandboxDiedException;
import dev.athanor.api.TimedOutException;
import dev.athanor.api.TimedOutException.Phase;
import dev.athanor.api.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls on the local host: real environments and processes, no cluster. */
class LocalHostIT {
    private static final String COMMONS_TEXT = "org.apache.commons:commons-text:1.13.0";

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
                        .slots(2)
                        .grace(Duration.ofMillis(200))
                        .build();
        here = host(local);
    }

    @AfterAll
    static void close() {
        local.close();
    }

    @Test
    void aFunctionRunsInAProcessOfItsOwnThatStaysHot() {
        IsolatedFunction<Long> processId = isolated(Jobs::processId, machineType(S), here);

        long first = processId.call();

        assertThat(first).isNotEqualTo(ProcessHandle.current().pid());
        assertThat(processId.call()).isEqualTo(first);
        assertThat(processId.on(machineType(M)).call()).isNotEqualTo(first);
    }

    @Test
    void aSandboxEndsWhenItsKeepAliveIsOver() {
        IsolatedFunction<Long> processId =
                isolated(Jobs::processId, machineType("L"), keepAlive(0), here);

        long first = processId.call();

        await().untilAsserted(() -> assertThat(ProcessHandle.of(first)).isEmpty());
        assertThat(processId.call()).isNotEqualTo(first);
    }

    @Test
    void secretsAreTheCallersOwnVariables() {
        String name =
                System.getenv().keySet().stream()
                        .filter(each ->
                                each.matches("[A-Z]+") && !each.matches("PATH|HOME|LANG|TZ"))
                        .findFirst()
                        .orElseThrow();
        IsolatedFunction1<String, String> variable = isolated(Jobs::variable, here);

        assertThat(variable.on(secrets(name)).call(name)).isEqualTo(System.getenv(name));
        assertThat(variable.call(name)).isNull();
        assertThatThrownBy(() -> variable.on(secrets("NOT_THERE_AT_ALL")).call(name))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("secret NOT_THERE_AT_ALL is not set");
    }

    @Test
    void aSandboxHasTheSizeOfItsMachineType() {
        List<Long> ofS = isolated(Jobs::sizes, machineType(S), here).call();
        List<Long> ofM = isolated(Jobs::sizes, machineType(M), here).call();

        assertThat(ofS.get(0)).isBetween(700L, 768L);
        assertThat(ofS.get(1)).isEqualTo(1);
        assertThat(ofM.get(0)).isBetween(6_500L, 7_168L);
        assertThat(ofM.get(1)).isEqualTo(2);
    }

    @Test
    void aRequirementIsThereForTheFunctionOnly() {
        Queue<LogLine> lines = new ConcurrentLinkedQueue<>();
        try (LocalHost fresh = LocalHost.builder().cacheFolder(folder).build()) {
            IsolatedFunction1<String, String> capitalized =
                    isolated(
                            Jobs::capitalized,
                            requirements(COMMONS_TEXT),
                            logs(lines::add),
                            host(fresh));

            assertThat(capitalized.call("hello world")).isEqualTo("Hello World");
        }

        assertThat(lines)
                .anyMatch(line ->
                        line.source() == LogLine.Source.BUILD
                                && line.text().contains(COMMONS_TEXT));
        assertThatThrownBy(() -> Class.forName("org.apache.commons.text.WordUtils"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void aForcedRebuildBuildsAgain() {
        Queue<LogLine> lines = new ConcurrentLinkedQueue<>();
        IsolatedFunction1<String, String> capitalized =
                isolated(Jobs::capitalized, requirements(COMMONS_TEXT), here);
        capitalized.call("x");

        assertThat(capitalized.on(rebuild(true), logs(lines::add)).call("again"))
                .isEqualTo("Again");

        assertThat(lines).anyMatch(line -> line.source() == LogLine.Source.BUILD);
    }

    @Test
    void aWrongChecksumFailsTheBuild() {
        IsolatedFunction1<String, String> pinned =
                isolated(
                        Jobs::capitalized,
                        requirements(COMMONS_TEXT),
                        checksums(Map.of(COMMONS_TEXT, "0".repeat(64))),
                        here);

        assertThatThrownBy(() -> pinned.call("x"))
                .isInstanceOf(BuildFailedException.class)
                .hasMessageContaining("checksum of " + COMMONS_TEXT);
    }

    @Test
    void aWrongRequirementFailsWithTheResolversMessage() {
        IsolatedFunction<Long> unbuildable =
                isolated(Jobs::processId, requirements("dev.athanor:no-such-thing:1.0"), here);

        assertThatThrownBy(unbuildable::call)
                .isInstanceOf(BuildFailedException.class)
                .hasMessageContaining("dev.athanor:no-such-thing");
    }

    @Test
    void anExceptionArrivesAsItWasThrown() {
        IsolatedFunction1<String, String> fail = isolated(Jobs::fail, here);

        assertThatThrownBy(() -> fail.call("x"))
                .isInstanceOf(FunctionFailedException.class)
                .cause()
                .isInstanceOf(Jobs.OwnException.class)
                .hasMessage("cannot use x")
                .hasCauseInstanceOf(NumberFormatException.class)
                .satisfies(e -> assertThat(e.getStackTrace()[0].getMethodName()).isEqualTo("fail"));
    }

    @Test
    void linesComeInOrderMarkedByTheirStream() {
        Queue<LogLine> lines = new ConcurrentLinkedQueue<>();

        isolated(Jobs::print, logs(lines::add), here).call(100);

        assertThat(lines)
                .filteredOn(line -> line.stream() == LogLine.Stream.STDOUT)
                .extracting(LogLine::text)
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> "line " + i).toList());
        assertThat(lines)
                .filteredOn(line -> line.stream() == LogLine.Stream.STDERR)
                .extracting(LogLine::text)
                .containsExactly("done");
    }

    @Test
    void theCallerIsToldHowManyLinesWereDropped() {
        Queue<LogLine> lines = new ConcurrentLinkedQueue<>();

        isolated(Jobs::print, logs(lines::add), here).call(1_000_000);

        long printed = lines.stream().filter(l -> l.source() == LogLine.Source.FUNCTION).count();
        assertThat(lines)
                .filteredOn(line -> line.source() == LogLine.Source.AGENT)
                .extracting(LogLine::text)
                .containsExactly(
                        "%,d lines were dropped: more came than could be delivered"
                                .formatted(1_000_001 - printed));
    }

    @Test
    void aFunctionThatRunsTooLongIsStopped() {
        IsolatedFunction<String> endless =
                isolated(Jobs::ignoresInterrupts, timeout(Duration.ofSeconds(1)), here);

        assertThatThrownBy(endless::call)
                .isInstanceOfSatisfying(
                        TimedOutException.class,
                        e -> assertThat(e.phase()).isEqualTo(Phase.EXECUTION))
                .hasMessageContaining("execution timeout");
    }

    @Test
    void cancellingInterruptsTheFunction() {
        Path started = folder.resolve("started");
        Path interrupted = folder.resolve("interrupted");
        CompletableFuture<String> call =
                isolated(Jobs::waitForever, here)
                        .submit(started.toString(), interrupted.toString());
        await().until(() -> Files.exists(started));

        call.cancel(false);

        await().until(() -> Files.exists(interrupted));
        assertThat(isolated(Jobs::processId, here).call()).isPositive();
    }

    @Test
    void exitingCostsTheFunctionItsOwnSandboxOnly() {
        IsolatedFunction1<Integer, String> exit = isolated(Jobs::exit, here);

        assertThatThrownBy(() -> exit.call(3))
                .isInstanceOf(SandboxDiedException.class)
                .hasMessageContaining("status 3");
        assertThat(isolated(Jobs::processId, here).call()).isPositive();
    }

    @Test
    void runningOutOfMemoryNamesTheLimitAndTheNextLargerMachineType() {
        IsolatedFunction<Integer> fill = isolated(Jobs::fillMemory, here);

        assertThatThrownBy(fill::call)
                .isInstanceOfSatisfying(
                        SandboxDiedException.class,
                        e -> assertThat(e.largerMachineType()).contains("S"))
                .hasMessageContaining("memory of machine type XS (256 MiB)")
                .hasMessageContaining("machineType(\"S\")");
    }

    @Test
    void aCallThatRunsOutOfMemoryMovesToALargerMachineTypeWhereItIsToldTo() {
        Queue<LogLine> lines = new ConcurrentLinkedQueue<>();
        IsolatedFunction1<Integer, Integer> hold =
                isolated(Jobs::holdMegabytes, onOutOfMemory(escalate()), logs(lines::add), here);

        assertThat(hold.call(1)).as("it fits").isEqualTo(1);
        assertThat(hold.call(300)).as("attempt").isEqualTo(2);

        assertThat(lines)
                .extracting(LogLine::text)
                .containsExactly(
                        "ran out of memory on XS and was run again on a larger machine type");
    }

    @Test
    void largePayloadsTravelBothWays() {
        byte[] bytes = new byte[5 << 20];
        new Random(1).nextBytes(bytes);

        assertThat(isolated(Jobs::reversed, machineType(S), here).call(bytes))
                .isEqualTo(Jobs.reversed(bytes));
    }

    @Test
    void resultsAreReadUnderTheSameFilter() {
        assertThatThrownBy(() -> isolated(Jobs::thread, here).call())
                .isInstanceOf(RefusedResultException.class)
                .hasMessageContaining("java.nio.file.Path");
    }

    @Test
    void anUnknownMachineTypeIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> isolated(Jobs::processId, machineType("XLL"), here).call())
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("XS, S, M, L, XL, GPU-T4, GPU")
                .hasMessageContaining("did you mean XL?");
    }

    @Test
    void whatWaitsTooLongForItsTurnNeverRuns() {
        IsolatedFunction2<String, String, String> wait = isolated(Jobs::waitForever, here);
        List<CompletableFuture<String>> both =
                IntStream.range(0, 2)
                        .mapToObj(i ->
                                wait.submit(
                                        folder.resolve("s" + i).toString(),
                                        folder.resolve("i" + i).toString()))
                        .toList();
        await().until(() ->
                Files.exists(folder.resolve("s0")) && Files.exists(folder.resolve("s1")));

        assertThatThrownBy(() ->
                        isolated(Jobs::note, queueTimeout(Duration.ofMillis(100)), here)
                                .call(folder.resolve("note").toString(), "ran"))
                .isInstanceOfSatisfying(
                        TimedOutException.class, e -> assertThat(e.phase()).isEqualTo(Phase.QUEUE));
        both.forEach(call -> call.cancel(false));

        assertThat(folder.resolve("note")).doesNotExist();
    }

    @Test
    void aCachedValueLivesAsLongAsItsSandbox() {
        IsolatedFunction<String> one =
                isolated(Jobs::cachedStamp, requirements(COMMONS_TEXT), keepAlive(60), here);
        IsolatedFunction<String> other =
                isolated(Jobs::cachedStampOfAnother, requirements(COMMONS_TEXT), here);
        IsolatedFunction1<Integer, String> exit =
                isolated(Jobs::exit, requirements(COMMONS_TEXT), here);

        String first = one.call();

        assertThat(one.call()).isEqualTo(first);
        assertThat(other.call()).isEqualTo("again " + first);
        assertThatThrownBy(() -> exit.call(1)).isInstanceOf(SandboxDiedException.class);
        assertThat(one.call()).isNotEqualTo(first);
    }

    @Test
    void cachedCodeTravelsWithTheLambdaThatCapturesIt() {
        String notes = folder.resolve("notes").toString();
        Function0<String> cached = cached(() -> Jobs.note(notes, "computed"));
        IsolatedFunction<String> function =
                isolated(() -> "got " + cached.call(), machineType(M), keepAlive(60), here);

        assertThat(List.of(function.call(), function.call()))
                .containsExactly("got computed", "got computed");
        assertThat(Path.of(notes)).hasContent("computed");
    }

    @Test
    void closingEndsCallsAndSandboxes() {
        LocalHost closing =
                LocalHost.builder()
                        .isolation("process")
                        .cacheFolder(folder.resolve("cache"))
                        .build();
        long pid = isolated(Jobs::processId, keepAlive(60), host(closing)).call();
        Path started = folder.resolve("started");
        CompletableFuture<String> call =
                isolated(Jobs::waitForever, machineType(S), host(closing))
                        .submit(started.toString(), folder.resolve("interrupted").toString());
        await().until(() -> Files.exists(started));

        closing.close();
        closing.close();

        assertThatThrownBy(call::join).hasCauseInstanceOf(CancelledCallException.class);
        await().untilAsserted(() -> assertThat(ProcessHandle.of(pid)).isEmpty());
        assertThat(isolated(Jobs::processId, host(closing)).call()).isNotEqualTo(pid);
        closing.close();
    }

    @Test
    void twoHostsOfOneProcessNeedFoldersOfTheirOwn() {
        isolated(Jobs::processId, here).call();
        try (LocalHost other = LocalHost.builder().cacheFolder(cache).build()) {
            assertThatThrownBy(() -> isolated(Jobs::processId, host(other)).call())
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("another local host of this process");
        }
    }
}
