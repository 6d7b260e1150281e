package dev.athanor.api.internal.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.api.RemoteException;
import dev.athanor.runtime.protocol.RemoteThrowable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemoteThrowablesTest {
    @Test
    void standInsPrintLikeTheOriginal() {
        RemoteException standIn =
                RemoteThrowables.standIn(
                        List.of(
                                data("com.acme.BrokenException", "boom", 1, List.of(2)),
                                data("java.lang.Error", null, -1, List.of()),
                                data("com.acme.CloseException", "late", -1, List.of())));
        StringWriter trace = new StringWriter();
        standIn.printStackTrace(new PrintWriter(trace, true));

        assertThat(standIn.className()).isEqualTo("com.acme.BrokenException");
        assertThat(standIn).hasMessage("boom").hasToString("com.acme.BrokenException: boom");
        assertThat(trace.toString())
                .startsWith("com.acme.BrokenException: boom")
                .contains("at com.acme.Job.run(Job.java:7)")
                .contains("Suppressed: com.acme.CloseException: late")
                .contains("Caused by: java.lang.Error");
    }

    @Test
    void cyclesStayCycles() {
        RemoteException standIn =
                RemoteThrowables.standIn(
                        List.of(
                                data("a.A", "a", 1, List.of()),
                                data("b.B", "b", 0, List.of(1, 0))));
        StringWriter trace = new StringWriter();
        standIn.printStackTrace(new PrintWriter(trace, true));

        assertThat(standIn.getCause().getCause()).isSameAs(standIn);
        assertThat(trace.toString()).contains("CIRCULAR REFERENCE");
    }

    @Test
    void depthIsNoLimit() {
        List<RemoteThrowable> chain = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            chain.add(data("a.A", "" + i, i == 99_999 ? -1 : i + 1, List.of()));
        }

        assertThat(RemoteThrowables.standIn(chain).getCause()).hasMessage("1");
    }

    @Test
    void indexesThatLeadNowhereAreIgnored() {
        RemoteException standIn =
                RemoteThrowables.standIn(List.of(data("a.A", "a", 7, List.of(-3, 9, 0))));

        assertThat(standIn).hasNoCause();
        assertThat(standIn.getSuppressed()).isEmpty();
        assertThat(RemoteThrowables.standIn(List.of())).hasNoCause();
    }

    @Test
    void rebuiltThrowablesGetTheirRemoteTraces() {
        Throwable cause = new IllegalArgumentException("cause");
        Throwable rebuilt = new IllegalStateException("boom", cause);

        RemoteThrowables.trace(
                rebuilt,
                List.of(
                        data("java.lang.IllegalStateException", "boom", 1, List.of()),
                        data("another.Class", "cause", -1, List.of())));

        assertThat(rebuilt.getStackTrace()[0].getClassName()).isEqualTo("com.acme.Job");
        assertThat(cause.getStackTrace()[0].getClassName()).isNotEqualTo("com.acme.Job");
    }

    private static RemoteThrowable data(
            String className, String message, int cause, List<Integer> suppressed) {
        return new RemoteThrowable(
                className,
                message,
                List.of(new StackTraceElement("com.acme.Job", "run", "Job.java", 7)),
                cause,
                suppressed);
    }
}
