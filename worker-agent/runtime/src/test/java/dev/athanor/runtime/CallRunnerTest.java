package dev.athanor.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.runtime.protocol.InvokeFrame;
import dev.athanor.runtime.protocol.PayloadCodec;
import dev.athanor.runtime.protocol.PlainValues;
import dev.athanor.runtime.protocol.RejectedFrame;
import dev.athanor.runtime.protocol.RejectionKind;
import dev.athanor.runtime.protocol.ResultFrame;
import dev.athanor.runtime.protocol.SandboxFrame;
import dev.athanor.runtime.protocol.ThrewFrame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class CallRunnerTest {

    interface Body extends Callable<Object>, Serializable {}

    record Unreadable() implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            throw new IllegalStateException("not me");
        }
    }

    static final class Unwritable implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) {
            throw new UnsupportedOperationException("not me either");
        }
    }

    /** Catches what its own writing throws, as user code may. */
    static final class Stubborn implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) {
            try {
                out.write(new byte[100_000]);
                out.flush();
            } catch (IOException e) {
                return;
            }
        }
    }

    private final CallRunner runner = new CallRunner(getClass().getClassLoader());

    @Test
    void answersWithTheResult() throws Exception {
        SandboxFrame answer = run(() -> List.of("a", 1));

        assertThat(answer).isInstanceOf(ResultFrame.class);
        ResultFrame result = (ResultFrame) answer;
        assertThat(result.callId()).isEqualTo(7);
        assertThat(result.codec()).isEqualTo(PayloadCodec.JAVA);
        assertThat(result.runNanos()).isPositive();
        assertThat(read(result.result())).isEqualTo(List.of("a", 1));
    }

    @Test
    void answersWithNull() throws Exception {
        assertThat(read(((ResultFrame) run(() -> null)).result())).isNull();
    }

    @Test
    void answersWithWhatWasThrown() throws Exception {
        ThrewFrame threw =
                (ThrewFrame)
                        run(() -> {
                            throw new IOException("disk full", new Error("cause"));
                        });

        assertThat(threw.throwables()).extracting(t -> t.message()).contains("disk full", "cause");
        assertThat(threw.isOutOfMemory()).isFalse();
        assertThat(read(threw.original())).isInstanceOf(IOException.class);
    }

    @Test
    void leavesOutAnOriginalThatCannotBeSerialized() {
        ThrewFrame threw =
                (ThrewFrame)
                        run(() -> {
                            throw new UnserializableException();
                        });

        assertThat(threw.original()).isNull();
        assertThat(threw.throwables()).hasSize(1);
    }

    @Test
    void leavesOutAnOriginalThatIsTooLarge() {
        ThrewFrame threw =
                (ThrewFrame)
                        run(() -> {
                            throw new IllegalStateException("x".repeat(300_000));
                        });

        assertThat(threw.original()).isNull();
    }

    @Test
    void answersAStackOverflow() {
        ThrewFrame threw = (ThrewFrame) run(() -> endless(0));

        assertThat(threw.throwables().get(0).className()).isEqualTo("java.lang.StackOverflowError");
    }

    @Test
    void tellsOfMemoryThatRanOutEvenInACause() {
        ThrewFrame threw =
                (ThrewFrame)
                        run(() -> {
                            throw new IllegalStateException(new OutOfMemoryError("heap"));
                        });

        assertThat(threw.isOutOfMemory()).isTrue();
    }

    @Test
    void rejectsAnUnknownFunction() {
        EntryPoint missing = new EntryPoint("com/example/Missing", "x", "()V", 6);

        assertRejected(
                runner.run(Lambdas.invoke(missing, Lambdas.serialize(new Object[0]))),
                RejectionKind.INVALID_INVOCATION,
                "com.example.Missing",
                "include(…)");
    }

    @Test
    void rejectsABrokenDescriptor() {
        EntryPoint broken = new EntryPoint("java/lang/System", "gc", "(", 6);

        assertRejected(
                runner.run(Lambdas.invoke(broken, Lambdas.serialize(new Object[0]))),
                RejectionKind.INVALID_INVOCATION,
                "not found");
    }

    @Test
    void rejectsArgumentsThatCannotBeRead() {
        EntryPoint gc = new EntryPoint("java/lang/System", "gc", "()V", 6);
        byte[] unreadable = Lambdas.serialize(new Object[] {new Unreadable()});

        assertRejected(
                runner.run(Lambdas.invoke(gc, new byte[] {1, 2})),
                RejectionKind.INVALID_INVOCATION,
                "cannot be read");
        assertRejected(
                runner.run(Lambdas.invoke(gc, unreadable)),
                RejectionKind.INVALID_INVOCATION,
                "not me");
        assertRejected(
                runner.run(Lambdas.invoke(gc, Lambdas.serialize("text"))),
                RejectionKind.INVALID_INVOCATION,
                "no Object[]");
    }

    @Test
    void rejectsAWrongNumberOfArguments() {
        EntryPoint gc = new EntryPoint("java/lang/System", "gc", "()V", 6);

        assertRejected(
                runner.run(Lambdas.invoke(gc, Lambdas.serialize(new Object[] {1, 2}))),
                RejectionKind.INVALID_INVOCATION,
                "takes 0 values",
                "got 2");
    }

    @Test
    void rejectsOtherCodecs() {
        InvokeFrame pickle =
                new InvokeFrame(
                        7,
                        PayloadCodec.PICKLE,
                        new EntryPoint("java/lang/System", "gc", "()V", 6),
                        "id",
                        1,
                        10,
                        new byte[0]);

        assertRejected(runner.run(pickle), RejectionKind.INVALID_INVOCATION, "codec 2");
    }

    @Test
    void rejectsToYield() {
        InvokeFrame stream =
                new InvokeFrame(
                        7,
                        PayloadCodec.JAVA,
                        new EntryPoint("java/lang/System", "gc", "()V", 6),
                        "id",
                        1,
                        10,
                        8,
                        new byte[0]);

        assertRejected(runner.run(stream), RejectionKind.INVALID_INVOCATION, "has one result");
    }

    @Test
    void rejectsResultsThatCannotBeWritten() {
        assertRejected(
                run(Object::new), RejectionKind.INVALID_RESULT, "java.lang.Object", "serialized");
        assertRejected(run(Unwritable::new), RejectionKind.INVALID_RESULT, "not me either");
    }

    @Test
    void rejectsResultsThatAreNestedTooDeeply() {
        assertRejected(
                run(() -> nested(100_000)), RejectionKind.INVALID_RESULT, "nested too deeply");
    }

    @Test
    void rejectsResultsThatAreTooLarge() {
        assertRejected(run(() -> new byte[20_000]), RejectionKind.TOO_LARGE, "10000 bytes");
        assertRejected(run(Stubborn::new), RejectionKind.TOO_LARGE, "10000 bytes");
    }

    private SandboxFrame run(Body body) {
        return runner.run(Lambdas.invoke(body));
    }

    private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        if (PlainValues.arePlain(bytes)) {
            return PlainValues.read(bytes);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }

    private static void assertRejected(
            SandboxFrame answer, RejectionKind kind, String... messageParts) {
        assertThat(answer).isInstanceOf(RejectedFrame.class);
        assertThat(((RejectedFrame) answer).kind()).isEqualTo(kind);
        assertThat(((RejectedFrame) answer).message()).contains(messageParts);
    }

    private static int endless(int depth) {
        return depth < 0 ? 0 : endless(depth + 1) + 1;
    }

    private static Object nested(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            list = new ArrayList<>(List.<Object>of(list));
        }
        return list;
    }

    @SuppressWarnings("serial")
    static final class UnserializableException extends RuntimeException {
        private final Object heavy = new Object();

        @Override
        public String getMessage() {
            return "with " + heavy;
        }
    }
}
