package dev.athanor.environment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.sandbox.CallResult.NotStarted;
import dev.athanor.environment.sandbox.CallResult.Rejected;
import dev.athanor.environment.sandbox.CallResult.Succeeded;
import dev.athanor.environment.sandbox.CallResult.Threw;
import dev.athanor.environment.testing.Calls;
import dev.athanor.environment.testing.Function;
import dev.athanor.environment.testing.Functions;
import dev.athanor.environment.testing.Functions.Greeter;
import dev.athanor.environment.testing.Launchers;
import dev.athanor.environment.testing.RecordedLines;
import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.runtime.protocol.RejectionKind;
import dev.athanor.runtime.protocol.RemoteThrowable;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that leave their sandbox as good as new; all share one. */
@ParameterizedClass
@MethodSource("dev.athanor.environment.isolation.Enclosures#here")
class SandboxIT {

    interface Function1 extends java.util.function.Function<String, Object>, Serializable {}

    interface Function2 extends BiFunction<Greeter, String, Object>, Serializable {}

    @Parameter private Isolation isolation;

    private static Launchers launchers;
    private static Sandbox sandbox;

    @BeforeParameterizedClassInvocation
    static void launch(Isolation isolation) throws Exception {
        launchers = new Launchers(isolation);
        sandbox = launchers.launcher().launch(launchers.spec("M"));
    }

    @AfterParameterizedClassInvocation
    static void close() throws IOException {
        sandbox.close();
        launchers.close();
    }

    @Test
    void returnsWhatAFunctionReturns() throws Exception {
        CallResult result = call(Calls.of(Functions.hello()));

        assertThat(result).isInstanceOf(Succeeded.class);
        assertThat(Calls.read(((Succeeded) result).bytes())).isEqualTo("Hello World");
        assertThat(((Succeeded) result).runNanos()).isPositive();
        assertThat(((Succeeded) result).droppedLogLines()).isZero();
    }

    @Test
    void takesCapturedValuesWithIt() throws Exception {
        assertThat(value(Functions.capturing("a", 1, List.of(2L)))).isEqualTo("a1[2]");
    }

    @Test
    void callsMethodsOfBoundAndUnboundReceivers() throws Exception {
        Function2 unbound = Greeter::greet;
        Function1 parse = Integer::parseInt;

        assertThat(value(Functions.bound(new Greeter("hi")))).isEqualTo("hi");
        assertThat(value(Calls.of(unbound, new Greeter("hi"), "you"))).isEqualTo("hi you");
        assertThat(value(Calls.of(parse, "42"))).isEqualTo(42);
    }

    @Test
    void callsConstructors() throws Exception {
        Function1 create = Greeter::new;

        assertThat(value(Calls.of(create, "hi"))).isEqualTo(new Greeter("hi"));
    }

    @Test
    void carriesLargeValuesBothWays() throws Exception {
        byte[] value = new byte[20 << 20];
        value[value.length - 1] = 7;
        java.util.function.Function<Object, Object> echo =
                (java.util.function.Function<Object, Object> & Serializable) Functions::echo;

        assertThat((byte[]) value(Calls.of((Serializable) echo, value))).isEqualTo(value);
    }

    @Test
    void describesWhatAFunctionThrows() throws Exception {
        Threw threw = threw(Functions.throwing());

        RemoteThrowable thrown = threw.throwables().get(0);
        assertThat(thrown.className()).isEqualTo("java.lang.IllegalStateException");
        assertThat(thrown.message()).isEqualTo("no luck");
        assertThat(threw.throwables().get(thrown.cause()).message()).isEqualTo("disk on fire");
        assertThat(threw.throwables().get(thrown.suppressed().get(0)).message())
                .isEqualTo("by the way");
        assertThat(thrown.frames())
                .extracting(StackTraceElement::getClassName)
                .containsExactly(Functions.class.getName());
        assertThat(Calls.read(threw.original())).isInstanceOf(IllegalStateException.class);
        assertThat(threw.outOfMemory()).isFalse();
    }

    @Test
    void describesCircles() throws Exception {
        Threw threw = threw(Functions.throwingInACircle());

        assertThat(threw.throwables()).hasSize(2);
        assertThat(threw.throwables().get(1).cause()).isZero();
    }

    @Test
    void describesWhatCannotBeSerialized() throws Exception {
        Threw threw = threw(Functions.throwingUnserializable());

        assertThat(threw.throwables().get(0).message()).isEqualTo("too heavy");
        assertThat(threw.original()).isNull();
    }

    @Test
    void survivesAStackOverflow() throws Exception {
        Threw threw = threw(Functions.overflowing());

        assertThat(threw.throwables().get(0).className()).isEqualTo("java.lang.StackOverflowError");
        assertThat(value(Functions.hello())).isEqualTo("Hello World");
    }

    @Test
    void rejectsResultsThatCannotBeSent() throws Exception {
        assertRejected(
                Functions.unserializable(), RejectionKind.INVALID_RESULT, "java.lang.Object");
        assertRejected(Functions.nested(100_000), RejectionKind.INVALID_RESULT, "too deeply");
        assertThat(value(Functions.hello())).isEqualTo("Hello World");
    }

    @Test
    void rejectsResultsThatAreTooLarge() throws Exception {
        assertRejected(Functions.large((64 << 20) + 1), RejectionKind.TOO_LARGE, "67108864 bytes");
        assertThat(value(Functions.hello())).isEqualTo("Hello World");
    }

    @Test
    void rejectsArgumentsThatFitNoFrame() throws Exception {
        EntryPoint hash = new EntryPoint("java/util/Objects", "isNull", "(Ljava/lang/Object;)Z", 6);
        Call call = Calls.of(hash, 1_000, (Object) new byte[73 << 20]);

        assertThat(call(call))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.kind()).isEqualTo(RejectionKind.TOO_LARGE));
        assertThat(value(Functions.hello())).isEqualTo("Hello World");
    }

    @Test
    void rejectsFunctionsThatAreNotThere() throws Exception {
        Call call = Calls.of(new EntryPoint("com/example/Gone", "x", "()V", 6), 1_000);

        assertThat(call(call))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected ->
                                assertThat(rejected.message())
                                        .contains("com.example.Gone", "include(…)"));
    }

    @Test
    void callsMadeMeanwhileRunInTheirOrder() throws Exception {
        RecordedLines lines = new RecordedLines();
        CompletableFuture<CallResult> first = sandbox.invoke(Calls.of(Functions.waiting()), lines);
        CompletableFuture<CallResult> second = sandbox.invoke(Calls.of(Functions.hello()), lines);

        await().until(() -> lines.lines().contains("STDOUT waiting"));
        assertThat(second).isNotDone();
        sandbox.cancel();

        assertThat(first.get()).isInstanceOf(Threw.class);
        assertThat(second.get()).isInstanceOf(Succeeded.class);
    }

    @Test
    void withdrawnCallsNeverRunAndTheRunningOneGoesOn() throws Exception {
        RecordedLines lines = new RecordedLines();
        CompletableFuture<CallResult> running =
                sandbox.invoke(Calls.of(Functions.waiting()), lines);
        CompletableFuture<CallResult> second = sandbox.invoke(Calls.of(Functions.hello()), lines);
        CompletableFuture<CallResult> third = sandbox.invoke(Calls.of(Functions.hello()), lines);

        await().until(() -> lines.lines().contains("STDOUT waiting"));
        sandbox.withdraw();

        assertThat(second.get()).isInstanceOf(NotStarted.class);
        assertThat(third.get()).isInstanceOf(NotStarted.class);
        assertThat(running).isNotDone();
        sandbox.cancel();
        assertThat(running.get()).isInstanceOf(Threw.class);
        assertThat(sandbox.invoke(Calls.of(Functions.hello()), lines).get())
                .isInstanceOf(Succeeded.class);
    }

    @Test
    void startsTheNextCallFromWithinTheEndOfOne() throws Exception {
        CompletableFuture<CallResult> chain =
                sandbox.invoke(Calls.of(Functions.hello()), new RecordedLines())
                        .thenCompose(first ->
                                sandbox.invoke(Calls.of(Functions.pid()), new RecordedLines()));

        assertThat(chain.get()).isInstanceOf(Succeeded.class);
    }

    @Test
    void scrubsTheEnvironment() throws Exception {
        @SuppressWarnings("unchecked")
        Map<String, String> environment = (Map<String, String>) value(Functions.environment());

        String work = isolation == Isolation.PROCESS ? launchers.work().toString() : "/tmp";
        assertThat(environment.keySet())
                .isSubsetOf(
                        Set.of(
                                "PATH",
                                "PWD",
                                "LANG",
                                "LC_CTYPE",
                                "TZ",
                                "HOME",
                                "TMPDIR",
                                "ATHANOR_DATA"))
                .contains("PATH");
        assertThat(environment.get("HOME")).startsWith(work);
        assertThat(environment.get("TMPDIR")).startsWith(work);
        assertThat((String) value(Functions.property("java.io.tmpdir"))).startsWith(work);
        assertThat((String) value(Functions.property("user.dir"))).startsWith(work);
    }

    @Test
    void tellsUserCodeThatItIsInASandbox() throws Exception {
        assertThat(value(Functions.property("athanor.sandbox"))).isEqualTo("true");
    }

    @Test
    void hidesItsOwnClasses() throws Exception {
        Threw threw = threw(Functions.classNamed("dev.athanor.runtime.SandboxMain"));

        assertThat(threw.throwables().get(0).className())
                .isEqualTo("java.lang.ClassNotFoundException");
        assertThat(threw(Functions.classNamed("org.junit.jupiter.api.Test")).throwables())
                .isNotEmpty();
        assertThat(value(Functions.classNamed("java.sql.Date"))).isEqualTo("java.sql.Date");
    }

    @Test
    void givesEveryThreadTheUsersClassLoader() throws Exception {
        assertThat(value(Functions.loadersAgree())).isEqualTo(true);
    }

    @Test
    void hasNoInput() throws Exception {
        assertThat(value(Functions.readingInput())).isEqualTo(-1);
    }

    @Test
    void leavesNoSocketBehindOnceConnected() {
        assertThat(launchers.sockets()).isEmptyDirectory();
    }

    private static CallResult call(Call call) throws InterruptedException, ExecutionException {
        return sandbox.invoke(call, new RecordedLines()).get();
    }

    private static Object value(Call call) throws InterruptedException, ExecutionException {
        CallResult result = call(call);
        assertThat(result).isInstanceOf(Succeeded.class);
        return Calls.read(((Succeeded) result).bytes());
    }

    private static Object value(Function<?> function)
            throws InterruptedException, ExecutionException {
        return value(Calls.of(function));
    }

    private static Threw threw(Function<?> function)
            throws InterruptedException, ExecutionException {
        CallResult result = call(Calls.of(function));
        assertThat(result).isInstanceOf(Threw.class);
        return (Threw) result;
    }

    private static void assertRejected(Function<?> function, RejectionKind kind, String message)
            throws InterruptedException, ExecutionException {
        CallResult result = call(Calls.of(function));
        assertThat(result).isInstanceOf(Rejected.class);
        assertThat(((Rejected) result).kind()).isEqualTo(kind);
        assertThat(((Rejected) result).message()).contains(message);
    }
}
