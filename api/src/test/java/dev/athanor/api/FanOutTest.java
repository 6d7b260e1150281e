package dev.athanor.api;

import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.maxInFlight;
import static dev.athanor.api.Athanor.waitAtMost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FanOutTest {
    private final FakeHost running = FakeHost.running();
    private final FakeHost keeping = FakeHost.keeping();

    @Test
    void resultsComeInTheOrderOfTheirInputs() {
        List<Integer> inputs = IntStream.range(0, 1_000).boxed().toList();

        Stream<Integer> squares = isolated((Integer i) -> i * i, host(running)).map(inputs);

        assertThat(squares).containsExactlyElementsOf(inputs.stream().map(i -> i * i).toList());
    }

    @Test
    void nothingIsCalledBeforeTheStreamIsRead() {
        Stream<Integer> unread = isolated((Integer i) -> i, host(running)).map(List.of(1, 2));

        assertThat(running.calls).isEmpty();
        assertThat(unread.count()).isEqualTo(2);
    }

    @Test
    void inputsAreReadAsRoomAppears() {
        List<Integer> read = new ArrayList<>();
        Iterable<Integer> endless = () -> Stream.iterate(0, i -> i + 1).peek(read::add).iterator();
        IsolatedFunction1<Integer, Integer> same =
                isolated((Integer i) -> i, host(running), maxInFlight(3));

        Iterator<Integer> results = same.map(endless).iterator();
        results.next();
        int afterOne = read.size();
        results.next();

        assertThat(afterOne).isEqualTo(3);
        assertThat(read).hasSize(4);
    }

    @Test
    void resultsThatAreNotTakenCountAsInFlight() {
        IsolatedFunction1<Integer, Integer> same =
                isolated((Integer i) -> i, host(keeping), maxInFlight(2));
        keeping.calls.clear();

        try (Stream<Integer> results = same.map(List.of(1, 2, 3))) {
            Iterator<Integer> iterator = results.iterator();
            Thread reader = new Thread(() -> assertThat(iterator.hasNext()).isTrue());
            reader.start();
            await().until(() -> keeping.calls.size() == 2);
            keeping.calls.get(1).future().complete(2);
            keeping.calls.get(0).future().complete(1);
            await().until(() -> !reader.isAlive());

            assertThat(keeping.calls).hasSize(2);
        }
    }

    @Test
    void closingCancelsTheRest() {
        IsolatedFunction1<Integer, Integer> same =
                isolated((Integer i) -> i, host(keeping), maxInFlight(3));
        Stream<Integer> results = same.map(List.of(1, 2, 3, 4, 5));
        Iterator<Integer> iterator = results.iterator();
        Thread completing =
                new Thread(() -> {
                    await().until(() -> keeping.calls.size() == 3);
                    keeping.calls.get(0).future().complete(1);
                });
        completing.start();
        assertThat(iterator.next()).isEqualTo(1);

        results.close();

        assertThat(keeping.calls).hasSize(3);
        assertThat(keeping.calls.get(1).future()).isCancelled();
        assertThat(keeping.calls.get(2).future()).isCancelled();
    }

    @Test
    void theFirstFailureEndsTheStreamAndCancelsTheRest() {
        IsolatedFunction1<Integer, Integer> same =
                isolated((Integer i) -> i, host(keeping), maxInFlight(3));
        Thread completing =
                new Thread(() -> {
                    await().until(() -> keeping.calls.size() == 3);
                    keeping.calls.get(0).future().completeExceptionally(new LostException("gone"));
                });
        completing.start();

        assertThatExceptionOfType(LostException.class)
                .isThrownBy(() -> same.map(List.of(1, 2, 3, 4)).toList())
                .withMessage("gone");
        assertThat(keeping.calls).hasSize(3);
        assertThat(keeping.calls.get(1).future()).isCancelled();
    }

    @Test
    void aFailingInputCancelsWhatIsUnderWay() {
        Iterable<Integer> broken =
                () ->
                        Stream.of(1, 2)
                                .peek(i -> {
                                    if (i == 2) {
                                        throw new IllegalStateException("input");
                                    }
                                })
                                .iterator();

        assertThatIllegalStateException()
                .isThrownBy(() -> isolated((Integer i) -> i, host(keeping)).map(broken).toList())
                .withMessage("input");
        assertThat(keeping.calls.get(0).future()).isCancelled();
    }

    @Test
    void aWaitThatEndsCancelsNothing() {
        IsolatedFunction1<Integer, Integer> same =
                isolated((Integer i) -> i, host(keeping), waitAtMost(Duration.ofMillis(1)));

        Iterator<Integer> results = same.map(List.of(1, 2)).iterator();

        assertThatExceptionOfType(CallerWaitException.class).isThrownBy(results::hasNext);
        assertThat(keeping.calls).hasSize(2).noneMatch(call -> call.future().isCancelled());
    }

    @Test
    void cancelledCallsEndTheStream() {
        IsolatedFunction1<Integer, Integer> same = isolated((Integer i) -> i, host(keeping));
        Thread cancelling =
                new Thread(() -> {
                    await().until(() -> keeping.calls.size() == 1);
                    keeping.calls.get(0).future().cancel(false);
                });
        cancelling.start();

        assertThatExceptionOfType(CancelledCallException.class)
                .isThrownBy(() -> same.map(List.of(1)).toList())
                .withCauseInstanceOf(CancellationException.class);
    }

    @Test
    void severalInputsAreTakenTogetherUntilOneEnds() {
        assertThat(
                        isolated((Integer a, String b) -> a + b, host(running))
                                .map(List.of(1, 2, 3), List.of("a", "b")))
                .containsExactly("1a", "2b");
        assertThat(
                        isolated((Integer a, String b, Integer c) -> a + b + c, host(running))
                                .map(List.of(1, 2), List.of("a", "b"), List.of(8, 9)))
                .containsExactly("1a8", "2b9");
        assertThat(
                        isolated(
                                        (Integer a, String b, Integer c, String d) -> a + b + c + d,
                                        host(running))
                                .map(List.of(1), List.of("a"), List.of(8), List.of("z")))
                .containsExactly("1a8z");
    }

    @Test
    void parallelStreamsKeepTheOrder() {
        List<Integer> inputs = IntStream.range(0, 100).boxed().toList();

        assertThat(isolated((Integer i) -> i, host(running)).map(inputs).parallel().toList())
                .containsExactlyElementsOf(inputs);
    }

    @Test
    void nullResultsAreResults() {
        List<String> results =
                isolated((Integer i) -> (String) null, host(running)).map(List.of(1, 2)).toList();

        assertThat(results).containsExactly(null, null);
    }
}
