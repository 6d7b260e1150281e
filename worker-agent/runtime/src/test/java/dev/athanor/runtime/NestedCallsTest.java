package dev.athanor.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.Frame;
import dev.athanor.runtime.protocol.FrameReader;
import dev.athanor.runtime.protocol.FrameWriter;
import dev.athanor.runtime.protocol.NestedCallFrame;
import dev.athanor.runtime.protocol.NestedCancelFrame;
import dev.athanor.runtime.protocol.NestedFailedFrame;
import dev.athanor.runtime.protocol.NestedFunction;
import dev.athanor.runtime.protocol.NestedOutcome;
import dev.athanor.runtime.protocol.NestedReply;
import dev.athanor.runtime.protocol.NestedResultFrame;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NestedCallsTest {

    private static final long LIMIT = 100;
    private static final NestedFunction FUNCTION =
            new NestedFunction(
                    "f",
                    new EntryPoint("a/B", "c", "()V", 6),
                    "XS",
                    List.of(),
                    List.of(),
                    Map.of(),
                    List.of(),
                    false,
                    true,
                    1,
                    2,
                    3,
                    4,
                    5,
                    true);

    private final List<NestedReply> replies = new ArrayList<>();
    private Pipe pipe;
    private FrameReader sent;
    private NestedCalls calls;

    @BeforeEach
    void open() throws IOException {
        pipe = Pipe.open();
        sent = new FrameReader(pipe.source(), 1 << 20);
        calls = new NestedCalls(new FrameWriter(pipe.sink(), 1 << 20));
    }

    @AfterEach
    void close() throws IOException {
        pipe.source().close();
    }

    private Runnable call(int bytes) throws InterruptedException {
        return calls.call(FUNCTION, new byte[bytes], replies::add);
    }

    private long nextId() throws IOException {
        Frame frame = sent.read();
        assertThat(frame).isInstanceOf(NestedCallFrame.class);
        return ((NestedCallFrame) frame).nestedId();
    }

    private static NestedResultFrame result(long id) {
        return new NestedResultFrame(id, NestedOutcome.unknown("id"), (byte) 0, new byte[0]);
    }

    @Test
    void aCallIsSentAndGetsItsRepliesOnly() throws Exception {
        calls.begin(7, LIMIT);
        call(3);
        NestedCallFrame frame = (NestedCallFrame) sent.read();

        calls.reply(result(frame.nestedId() + 1));
        calls.reply(result(frame.nestedId()));
        calls.reply(result(frame.nestedId()));

        assertThat(frame.callId()).isEqualTo(7);
        assertThat(frame.function()).isEqualTo(FUNCTION);
        assertThat(frame.arguments()).hasSize(3);
        assertThat(replies).hasSize(1);
    }

    @Test
    void whereNoCallRunsNoneIsMade() {
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> call(1));
    }

    @Test
    void givingUpSaysSoOnceAndTheEndStillComes() throws Exception {
        calls.begin(7, LIMIT);
        Runnable givingUp = call(1);
        long id = nextId();

        givingUp.run();

        assertThat(sent.read()).isEqualTo(new NestedCancelFrame(7, id));
        assertThat(replies).isEmpty();
    }

    @Test
    void theEndOfTheCallEndsThoseUnderWay() throws Exception {
        calls.begin(7, LIMIT);
        call(1);
        long id = nextId();

        calls.end();
        calls.reply(result(id));

        assertThat(replies).hasSize(1);
        assertThat(replies.get(0))
                .isInstanceOfSatisfying(
                        NestedFailedFrame.class,
                        failed -> assertThat(failed.kind()).isEqualTo(FailureKind.CANCELLED));
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> call(1));
    }

    @Test
    void aCallWithoutRoomWaitsForAnEnd() throws Exception {
        calls.begin(7, LIMIT);
        call(60);
        long first = nextId();
        CompletableFuture<Runnable> second = later(60);

        assertThat(second).isNotDone();
        calls.reply(result(first));

        assertThat(second.get(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(nextId()).isNotEqualTo(first);
    }

    @Test
    void aCallThatIsAloneHasRoomWhateverItsSize() throws Exception {
        calls.begin(7, LIMIT);

        call((int) LIMIT + 1);

        assertThat(nextId()).isPositive();
    }

    @Test
    void aCallThatWaitsForRoomEndsWithTheOneThatMakesIt() throws Exception {
        calls.begin(7, LIMIT);
        call(100);
        long first = nextId();
        CompletableFuture<Runnable> second = later(1);

        calls.end();
        calls.begin(8, LIMIT);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> second.get(10, TimeUnit.SECONDS))
                .withCauseInstanceOf(IllegalStateException.class);
        assertThat(first).isPositive();
    }

    /** Returns once the thread waits, or has ended. */
    private CompletableFuture<Runnable> later(int bytes) {
        CompletableFuture<Runnable> made = new CompletableFuture<>();
        Thread thread =
                new Thread(() -> {
                    try {
                        made.complete(call(bytes));
                    } catch (InterruptedException | RuntimeException e) {
                        made.completeExceptionally(e);
                    }
                });
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        return made;
    }
}
