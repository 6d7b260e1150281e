package dev.athanor.agent;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.S;
import static dev.athanor.api.Athanor.XS;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.logs;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.requirements;
import static dev.athanor.api.Athanor.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.Hostile;
import dev.athanor.agent.testing.Jobs;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.AthanorException;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.LogLine;
import dev.athanor.api.Option;
import dev.athanor.api.RefusedResultException;
import dev.athanor.api.RemoteException;
import dev.athanor.api.SandboxDiedException;
import dev.athanor.api.TimedOutException;
import dev.athanor.api.UnserializableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Functions that do the worst. Each ends its own call, and its caller is told how. A call in
 * another sandbox of the same agent goes on meanwhile, and others succeed afterwards.
 */
class HostileFunctionsIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir private static Path agentFolder;
    private static Agent agent;
    private static AthanorClient client;
    private static Option here;

    @TempDir private Path folder;
    private Path goOn;
    private CompletableFuture<String> bystander;

    @BeforeAll
    static void start() throws InterruptedException {
        agent =
                CLUSTER.agent(
                        "hostile",
                        Map.of(XS, 1, S, 1, M, 1),
                        agentFolder,
                        new SimpleMeterRegistry(),
                        config ->
                                config.withLimits(
                                        config.limits().withGrace(Duration.ofMillis(300))));
        client = CLUSTER.client();
        here = host(cloud(client));
    }

    @AfterAll
    static void stop() {
        client.close();
        agent.close();
    }

    @BeforeEach
    void startBystander() {
        Path runs = folder.resolve("runs");
        goOn = folder.resolve("go-on");
        bystander =
                isolated(Jobs::markAndWaitFor, here, machineType(S))
                        .submit(runs.toString(), goOn.toString());
        await().until(() -> Files.exists(runs));
    }

    @AfterEach
    void othersAreUnharmed() throws Exception {
        assertThat(bystander).isNotDone();
        Files.createFile(goOn);
        assertThat(bystander.join()).isEqualTo("ran");
        assertThat(isolated(Jobs::hello, here, machineType(S)).call()).isEqualTo("Hello World");
        assertThat(isolated(Jobs::hello, here).call()).isEqualTo("Hello World");
        assertThat(agent.isReady()).isTrue();
    }

    @Test
    void exit() {
        assertThat(failure(() -> isolated(Jobs::exit, here).call(3), SandboxDiedException.class))
                .hasMessageContaining("exited with status 3")
                .hasMessageContaining("System.exit");
    }

    @Test
    void halt() {
        assertThat(failure(() -> isolated(Hostile::halt, here).call(4), SandboxDiedException.class))
                .hasMessageContaining("exited with status 4");
    }

    @Test
    void outOfHeap() {
        SandboxDiedException failure =
                failure(isolated(Hostile::exhaustHeap, here)::call, SandboxDiedException.class);

        assertThat(failure)
                .hasMessageContaining("out of the memory of machine type XS (256 MiB")
                .hasMessageContaining("machineType(\"S\")");
        assertThat(failure.largerMachineType()).contains("S");
    }

    @Test
    void outOfMetaspace() {
        assertThat(
                        failure(
                                isolated(Hostile::exhaustMetaspace, here)::call,
                                SandboxDiedException.class))
                .hasMessageContaining("out of the memory of machine type XS (256 MiB");
    }

    @Test
    void stackOverflow() {
        assertThat(
                        failure(
                                () -> isolated(Hostile::overflowStack, here).call(0),
                                FunctionFailedException.class))
                .hasCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void infiniteLoop() {
        assertTimedOut(isolated(Jobs::ignoresInterrupts, here, timeout(SHORT)));
    }

    @Test
    void ignoredInterrupts() {
        assertTimedOut(isolated(Hostile::ignoreInterrupts, here, timeout(SHORT)));
    }

    @Test
    void deadlock() {
        assertTimedOut(isolated(Hostile::deadlock, here, timeout(SHORT)));
    }

    @Test
    void aSandboxKilledFromOutside() throws Exception {
        Path file = folder.resolve("pid");
        CompletableFuture<String> call =
                isolated(Hostile::writeIdAndWaitForTheEnd, here).submit(file.toString());
        await().until(() -> Files.exists(file));

        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(file))).orElseThrow())
                .satisfies(process -> assertThat(process.destroyForcibly()).isTrue());

        await().until(call::isDone);
        assertThat(call.handle((result, failure) -> failure).join())
                .isInstanceOf(SandboxDiedException.class)
                .hasMessageContaining("killed by signal 9");
    }

    @Test
    void closingItsOwnOutput() {
        Queue<LogLine> lines = new ConcurrentLinkedQueue<>();
        Option[] options = {here, keepAlive(60), logs(lines::add)};

        assertThat(isolated(Hostile::closeOutput, options).call()).isEqualTo("closed");
        assertThat(isolated(Hostile::print, options).call("after")).isEqualTo("after");

        assertThat(lines).extracting(LogLine::text).containsExactly("before", "after");
    }

    @Test
    void printingWithoutEnd() {
        assertTimedOut(isolated(Hostile::printWithoutEnd, here, timeout(SHORT), logs(line -> {})));
    }

    @Test
    void startingThreadsWithoutEnd() {
        assertThat(
                        failure(
                                isolated(Hostile::startThreadsWithoutEnd, here)::call,
                                SandboxDiedException.class))
                // Which of the limits it meets first depends on what the machine permits.
                .message()
                .containsAnyOf(
                        "threads, more than the 2048",
                        "more threads than machine type XS allows",
                        "ran out of the memory of machine type XS");
    }

    @Test
    void anExceptionThatCannotBeSerialized() {
        assertThat(
                        failure(
                                isolated(Hostile::throwUnserializable, here)::call,
                                FunctionFailedException.class))
                .hasMessageContaining("too heavy")
                .cause()
                .isInstanceOf(RemoteException.class)
                .satisfies(e -> assertThat(e.toString()).contains("HeavyException: too heavy"));
    }

    @Test
    void anExceptionWhoseClassTheCallerLacks() {
        IsolatedFunction1<String, String> foreign =
                isolated(
                        Hostile::throwForeign, here, requirements("commons-cli:commons-cli:1.9.0"));

        assertThat(
                        failure(
                                () -> foreign.call("org.apache.commons.cli.ParseException"),
                                FunctionFailedException.class))
                .cause()
                .isInstanceOf(RemoteException.class)
                .hasToString("org.apache.commons.cli.ParseException: only there");
    }

    @Test
    void aCyclicCause() {
        assertThat(
                        failure(
                                isolated(Hostile::throwInACircle, here)::call,
                                FunctionFailedException.class))
                .cause()
                .hasMessageContaining("first")
                .cause()
                .hasMessageContaining("second");
    }

    @Test
    void anExceptionThatIsLargerThanARecord() {
        assertThat(
                        failure(
                                isolated(Hostile::throwHugely, here, machineType(M))::call,
                                FunctionFailedException.class))
                .cause()
                .hasMessageContaining("yyyy");
    }

    @Test
    void aResultThatCannotBeSerialized() {
        assertThat(
                        failure(
                                isolated(Hostile::returnUnserializable, here)::call,
                                UnserializableException.class))
                .hasMessageContaining("java.lang.Object");
    }

    @Test
    void aResultNestedDeeply() {
        assertThat(
                        failure(
                                () -> isolated(Hostile::returnNested, here).call(100_000),
                                UnserializableException.class))
                .hasMessageContaining("nested too deeply");
    }

    @Test
    void aGadget() {
        assertThat(
                        failure(
                                isolated(Hostile::returnGadget, here)::call,
                                RefusedResultException.class))
                .hasMessageContaining("java.net.URL");
    }

    private static void assertTimedOut(IsolatedFunction<String> function) {
        assertThat(failure(function::call, TimedOutException.class))
                .hasMessageContaining("execution timeout of PT2S");
    }

    private static <E extends AthanorException> E failure(ThrowingCallable call, Class<E> type) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(type);
        return type.cast(thrown);
    }
}
