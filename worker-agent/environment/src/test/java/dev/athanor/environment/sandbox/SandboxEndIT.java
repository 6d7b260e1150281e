package dev.athanor.environment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.sandbox.CallResult.Died;
import dev.athanor.environment.sandbox.CallResult.NotStarted;
import dev.athanor.environment.sandbox.CallResult.Succeeded;
import dev.athanor.environment.sandbox.CallResult.Threw;
import dev.athanor.environment.testing.Calls;
import dev.athanor.environment.testing.Function;
import dev.athanor.environment.testing.Functions;
import dev.athanor.environment.testing.Launchers;
import dev.athanor.environment.testing.LonelyAgent;
import dev.athanor.environment.testing.RecordedLines;
import dev.athanor.runtime.protocol.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("dev.athanor.environment.isolation.Enclosures#here")
class SandboxEndIT {
    @Parameter private Isolation isolation;

    private Launchers launchers;
    private Sandbox sandbox;
    private final RecordedLines lines = new RecordedLines();

    @BeforeEach
    void launch() throws Exception {
        launchers = new Launchers(isolation);
        sandbox = launchers.launcher().launch(launchers.spec("XS"));
    }

    @AfterEach
    void close() throws IOException {
        sandbox.close();
        launchers.close();
    }

    @Test
    void anExitIsReportedWithItsStatusAndTheLinesBefore() throws Exception {
        Died died = died(Functions.exiting(3));

        assertThat(died.exit().code()).isEqualTo(3);
        assertThat(died.message()).isEqualTo("the sandbox exited with status 3 (System.exit?)");
        assertThat(lines.lines()).containsExactly("STDOUT about to exit");
        assertThat(sandbox.isUsable()).isFalse();
    }

    @Test
    void anExitWithStatus0IsReportedAsWell() throws Exception {
        assertThat(died(Functions.exiting(0)).exit()).isEqualTo(new ExitStatus(0, false));
    }

    @Test
    void anExitFromAnotherThreadIsReported() throws Exception {
        assertThat(died(Functions.exitingElsewhere(4)).exit().code()).isEqualTo(4);
    }

    @Test
    void aHaltIsReported() throws Exception {
        assertThat(died(Functions.halting(5)).exit().code()).isEqualTo(5);
    }

    @Test
    void aKillFromOutsideIsReported() throws Exception {
        ProcessHandle process = process();
        CompletableFuture<CallResult> result = sandbox.invoke(Calls.of(Functions.waiting()), lines);
        awaitLine("STDOUT waiting");

        process.destroyForcibly();

        Died died = (Died) result.get();
        assertThat(died.exit().signal()).isEqualTo(9);
        assertThat(died.message()).contains("killed by signal 9");
    }

    @Test
    void aHeapThatRanOutIsReportedAndEndsTheSandbox() throws Exception {
        Threw threw = (Threw) sandbox.invoke(Calls.of(Functions.leaking()), lines).get();

        assertThat(threw.outOfMemory()).isTrue();
        assertThat(threw.throwables().get(0).className()).isEqualTo("java.lang.OutOfMemoryError");
        assertThat(sandbox.isUsable()).isFalse();
        assertThat(sandbox.onExit().get().isOutOfMemory()).isTrue();
    }

    @Test
    void argumentsThatDoNotFitTheHeapAreReported() throws Exception {
        java.util.function.Function<Object, Object> echo =
                (java.util.function.Function<Object, Object> & Serializable) Functions::echo;
        Call call = Calls.of((Serializable) echo, (Object) new byte[71 << 20]);

        CallResult result = sandbox.invoke(call, lines).get();

        assertThat(result)
                .satisfiesAnyOf(
                        one -> assertThat(((Threw) one).outOfMemory()).isTrue(),
                        one -> assertThat(((Died) one).exit().isOutOfMemory()).isTrue());
        assertThat(sandbox.isUsable()).isFalse();
    }

    @Test
    void cancellingInterruptsTheFunctionAndSparesTheSandbox() throws Exception {
        CompletableFuture<CallResult> result = sandbox.invoke(Calls.of(Functions.waiting()), lines);
        awaitLine("STDOUT waiting");

        sandbox.cancel();

        Threw threw = (Threw) result.get();
        assertThat(threw.throwables().get(0).className())
                .isEqualTo("java.lang.InterruptedException");
        Succeeded next =
                (Succeeded) sandbox.invoke(Calls.of(Functions.isInterrupted()), lines).get();
        assertThat(Calls.read(next.bytes())).isEqualTo(false);
    }

    @Test
    void cancellingAtAnyMomentSparesTheSandbox() throws Exception {
        for (int i = 0; i < 300; i++) {
            CompletableFuture<CallResult> result =
                    sandbox.invoke(Calls.of(Functions.printingLines(i % 3)), lines);
            sandbox.cancel();

            assertThat(result.get()).isInstanceOfAny(Succeeded.class, NotStarted.class);
        }
        sandbox.cancel();
        assertThat(sandbox.isUsable()).isTrue();
    }

    @Test
    void cancellingACallThatWaitsSparesTheOneThatRuns() throws Exception {
        CompletableFuture<CallResult> running =
                sandbox.invoke(named("running", Functions.waiting()), lines);
        CompletableFuture<CallResult> waiting =
                sandbox.invoke(named("waiting", Functions.exiting(1)), lines);
        CompletableFuture<CallResult> last =
                sandbox.invoke(named("last", Functions.hello()), lines);
        awaitLine("STDOUT waiting");

        sandbox.cancel("waiting");
        assertThat(waiting.get()).isInstanceOf(CallResult.NotStarted.class);
        sandbox.kill("waiting");
        sandbox.cancel("never heard of");
        assertThat(running).isNotDone();
        sandbox.cancel("running");

        assertThat(running.get()).isInstanceOf(CallResult.Threw.class);
        assertThat(last.get()).isInstanceOf(CallResult.Succeeded.class);
        assertThat(sandbox.isUsable()).isTrue();
    }

    private static Call named(String correlationId, Function<?> function) {
        Call call = Calls.of(function);
        return new Call(
                correlationId,
                call.attempt(),
                call.codec(),
                call.entryPoint(),
                call.arguments(),
                call.maxResultBytes());
    }

    @Test
    void aFunctionThatIgnoresInterruptsCanBeKilled() throws Exception {
        CompletableFuture<CallResult> result =
                sandbox.invoke(Calls.of(Functions.ignoringInterrupts()), lines);
        awaitLine("STDOUT waiting");
        sandbox.cancel();
        awaitLine("STDOUT no thanks");
        assertThat(result).isNotDone();

        sandbox.kill();

        Died died = (Died) result.get();
        assertThat(died.exit().requested()).isTrue();
        assertThat(died.message()).isEqualTo("the sandbox was stopped by its agent");
    }

    @Test
    void killingTakesTheProcessesOfTheFunctionAlong() throws Exception {
        CallResult result = sandbox.invoke(Calls.of(Functions.startingAChild()), lines).get();
        assertThat(result).isInstanceOf(Succeeded.class);
        ProcessHandle child = launchers.process("sleep");
        assertThat(child.isAlive()).isTrue();

        sandbox.close();

        assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void theEndOfTheSandboxIsBlamedOnTheRunningCallOnly() throws Exception {
        CompletableFuture<CallResult> running =
                sandbox.invoke(Calls.of(Functions.waiting()), lines);
        CompletableFuture<CallResult> waiting = sandbox.invoke(Calls.of(Functions.hello()), lines);

        sandbox.kill();

        assertThat(running.get()).isInstanceOf(Died.class);
        assertThat(waiting.get()).isInstanceOf(NotStarted.class);
        assertThat(sandbox.invoke(Calls.of(Functions.hello()), lines).get())
                .isInstanceOf(NotStarted.class);
    }

    @Test
    void refusesMoreCallsThanMayWait() {
        for (int i = 0; i < Protocol.MAX_WAITING_CALLS; i++) {
            assertThat(sandbox.invoke(Calls.of(Functions.waiting()), lines)).isNotNull();
        }

        assertThatIllegalStateException()
                .isThrownBy(() -> sandbox.invoke(Calls.of(Functions.hello()), lines))
                .withMessageContaining("at most 64 calls");
    }

    @Test
    void callsOfADeadSandboxEndAtOnce() throws Exception {
        ProcessHandle process = process();

        process.destroyForcibly();

        await().until(() -> sandbox.onExit().isDone());
        CallResult result = sandbox.invoke(Calls.of(Functions.hello()), lines).get();
        assertThat(result).isInstanceOf(NotStarted.class);
        sandbox.cancel();
        sandbox.close();
    }

    @Test
    void theWorkFolderIsRemovedAfterAClose() throws Exception {
        Path folder = leaveFiles();

        sandbox.close();

        assertThat(folder).doesNotExist();
        assertThat(launchers.work()).isEmptyDirectory();
    }

    @Test
    void theWorkFolderIsRemovedAfterAnExit() throws Exception {
        Path folder = leaveFiles();

        died(Functions.exiting(1));

        sandbox.onExit().get();
        assertThat(folder).doesNotExist();
    }

    @Test
    void aSandboxEndsWithItsAgent() throws Exception {
        Path sockets = SocketFolder.create();
        Path work = Files.createTempDirectory("athanor-lonely-");
        Path data = Files.createTempDirectory("athanor-lonely-");
        Process agent =
                new ProcessBuilder(
                                ProcessLauncher.ownJava().toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                LonelyAgent.class.getName(),
                                isolation.name(),
                                sockets.toString(),
                                work.toString(),
                                data.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader output = agent.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("waiting");
            ProcessHandle orphan =
                    Launchers.processes(isolation, agent.toHandle(), data, "java")
                            .findFirst()
                            .orElseThrow();

            agent.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

            await().until(() -> !orphan.isAlive());
        } finally {
            agent.destroyForcibly();
            Files.delete(sockets);
            FolderTree.delete(work);
            FolderTree.delete(data);
        }
    }

    private Died died(Function<?> function) throws Exception {
        CallResult result = sandbox.invoke(Calls.of(function), lines).get();
        assertThat(result).isInstanceOf(Died.class);
        return (Died) result;
    }

    private ProcessHandle process() {
        return launchers.process("java");
    }

    private Path leaveFiles() throws Exception {
        Succeeded result =
                (Succeeded) sandbox.invoke(Calls.of(Functions.leavingFiles()), lines).get();
        Path folder = Path.of((String) Calls.read(result.bytes()));
        assertThat(folder.toString()).startsWith(launchers.seenWork());
        assertThat(Files.exists(folder.resolve("a/b/c.txt")))
                .isEqualTo(isolation == Isolation.PROCESS);
        return folder.resolve("a");
    }

    private void awaitLine(String line) {
        await().until(() -> lines.lines().contains(line));
    }
}
