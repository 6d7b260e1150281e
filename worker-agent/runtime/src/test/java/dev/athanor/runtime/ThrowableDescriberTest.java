package dev.athanor.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.runtime.protocol.RemoteThrowable;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings("serial")
class ThrowableDescriberTest {

    static final class Hostile extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new StackOverflowError();
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no trace");
        }

        @Override
        @SuppressWarnings("ThrowableEqualsHashCode") // User code does such things.
        public int hashCode() {
            throw new IllegalStateException("no hash");
        }
    }

    static final class Nulls extends RuntimeException {
        @Override
        public StackTraceElement[] getStackTrace() {
            return null;
        }
    }

    /** Has a new cause whenever it is asked. */
    static final class Endless extends RuntimeException {
        @Override
        public synchronized Throwable getCause() {
            return new Endless();
        }
    }

    @Test
    void listsCausesAndSuppressedOnes() {
        Exception cause = new IllegalStateException("cause");
        Exception thrown = new IllegalArgumentException("thrown", cause);
        thrown.addSuppressed(new ArithmeticException("suppressed"));

        List<RemoteThrowable> all = new ThrowableDescriber().describe(thrown);

        assertThat(all)
                .extracting(RemoteThrowable::message)
                .containsExactly("thrown", "cause", "suppressed");
        assertThat(all.get(0).cause()).isEqualTo(1);
        assertThat(all.get(0).suppressed()).containsExactly(2);
        assertThat(all.get(1).cause()).isEqualTo(-1);
        assertThat(all.get(0).className()).isEqualTo("java.lang.IllegalArgumentException");
        assertThat(all.get(0).frames().get(0).getMethodName())
                .isEqualTo("listsCausesAndSuppressedOnes");
    }

    @Test
    void followsCirclesOnce() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);

        List<RemoteThrowable> all = new ThrowableDescriber().describe(first);

        assertThat(all).hasSize(2);
        assertThat(all.get(0).cause()).isEqualTo(1);
        assertThat(all.get(1).cause()).isZero();
    }

    @Test
    void stopsWhereCausesHaveNoEnd() {
        List<RemoteThrowable> all = new ThrowableDescriber().describe(new Endless());

        assertThat(all).hasSize(64);
        assertThat(all.get(63).cause()).isEqualTo(-1);
    }

    @Test
    void survivesThrowablesWhoseMethodsThrow() {
        RemoteThrowable described = new ThrowableDescriber().describe(new Hostile()).get(0);

        assertThat(described.className()).isEqualTo(Hostile.class.getName());
        assertThat(described.message())
                .isEqualTo("(its getMessage threw java.lang.IllegalStateException)");
        assertThat(described.frames()).isEmpty();
        assertThat(described.cause()).isEqualTo(-1);
    }

    @Test
    void survivesAMissingTrace() {
        assertThat(new ThrowableDescriber().describe(new Nulls()).get(0).frames()).isEmpty();
    }

    @Test
    void cutsLongMessages() {
        String message =
                new ThrowableDescriber()
                        .describe(new Exception("x".repeat(1_000_000)))
                        .get(0)
                        .message();

        assertThat(message).hasSizeLessThan(40_000).endsWith("… (1000000 characters)");
    }

    @Test
    void saysWhatToDoAboutAMissingClass() {
        assertThat(message(new ClassNotFoundException("org.x.Y")))
                .contains("org.x.Y", "include(…)");
        assertThat(message(new NoClassDefFoundError("org/x/Y"))).contains("org/x/Y", "requirement");
        assertThat(message(new NoClassDefFoundError("Could not initialize class X")))
                .isEqualTo("Could not initialize class X");
    }

    private static String message(Throwable thrown) {
        return new ThrowableDescriber().describe(thrown).get(0).message();
    }
}
