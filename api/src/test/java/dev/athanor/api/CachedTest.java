package dev.athanor.api;

import static dev.athanor.api.Athanor.cached;
import static dev.athanor.api.Athanor.cached0;
import static dev.athanor.api.Athanor.cached1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CachedTest {
    /** How often each test's code ran; by a name that is new for each test, as values stay. */
    private static final Map<String, Integer> RUNS = new ConcurrentHashMap<>();

    private String test;

    @BeforeEach
    void begin() {
        test = UUID.randomUUID().toString();
    }

    private static String run(String test) {
        return "run " + RUNS.merge(test, 1, Integer::sum);
    }

    private static int square(String test, int number) {
        run(test);
        return number * number;
    }

    private static String once() {
        return run("once");
    }

    @Test
    void aValueIsComputedOnce() throws Exception {
        String name = test;
        Function0<String> code = cached(() -> run(name));

        assertThat(code.call()).isEqualTo("run 1");
        assertThat(code.call()).isEqualTo("run 1");
    }

    @Test
    void eachArgumentHasAValueOfItsOwn() throws Exception {
        Function2<String, Integer, Integer> square = cached(CachedTest::square);

        assertThat(List.of(square.call(test, 2), square.call(test, 3), square.call(test, 2)))
                .containsExactly(4, 9, 4);
        assertThat(RUNS).containsEntry(test, 2);
    }

    @Test
    void everyArityWorks() throws Exception {
        Function3<Integer, Integer, Integer, Integer> three = cached((a, b, c) -> a + b + c);
        Function4<Integer, Integer, Integer, Integer, Integer> four =
                cached((a, b, c, d) -> a + b + c + d);
        Function1<String, Integer> parse = cached1(Integer::parseInt);
        Function0<String> empty = cached0(String::new);

        assertThat(three.call(1, 2, 3)).isEqualTo(6);
        assertThat(four.call(1, 2, 3, 4)).isEqualTo(10);
        assertThat(parse.call("7")).isEqualTo(7);
        assertThat(empty.call()).isEmpty();
    }

    @Test
    void argumentsAreComparedByTheirContent() throws Exception {
        String name = test;
        Function1<Object, String> code = cached((Object any) -> run(name));

        assertThat(code.call(new int[] {1, 2})).isEqualTo("run 1");
        assertThat(code.call(new int[] {1, 2})).isEqualTo("run 1");
        assertThat(code.call(List.of("a"))).isEqualTo("run 2");
        assertThat(code.call(new ArrayList<>(List.of("a")))).isEqualTo("run 2");
        assertThat(code.call(null)).isEqualTo("run 3");
        assertThat(code.call(null)).isEqualTo("run 3");
    }

    @Test
    void nullIsAValueLikeAnyOther() throws Exception {
        String name = test;
        Function0<String> code =
                cached(() -> {
                    run(name);
                    return null;
                });

        assertThat(code.call()).isNull();
        assertThat(code.call()).isNull();
        assertThat(RUNS).containsEntry(name, 1);
    }

    @Test
    void theSameMethodHasOneValueWhereverItIsCached() throws Exception {
        assertThat(cached(CachedTest::once).call()).isEqualTo("run 1");
        assertThat(cached(CachedTest::once).call()).isEqualTo("run 1");
    }

    @Test
    void capturedValuesTellCodeApart() throws Exception {
        Function0<String> one = appending(test + "a");
        Function0<String> other = appending(test + "b");

        assertThat(one.call()).isNotEqualTo(other.call());
        assertThat(appending(test + "a").call()).isEqualTo(one.call());
        assertThat(RUNS).containsEntry(test + "a", 1);
    }

    private static Function0<String> appending(String name) {
        return cached(() -> name + run(name));
    }

    @Test
    void aCopyThatTravelledHasTheSameValue() throws Exception {
        String name = test;
        Function0<String> code = cached(() -> run(name));

        assertThat(copy(code).call()).isEqualTo("run 1");
        assertThat(code.call()).isEqualTo("run 1");
        assertThat(copy(code).call()).isEqualTo("run 1");
    }

    private static final class Counting implements Function0<String> {
        private static final long serialVersionUID = 1L;
        private final String name;

        Counting(String name) {
            this.name = name;
        }

        @Override
        public String call() {
            return run(name);
        }
    }

    @Test
    void objectsAreToldApartByTheirState() throws Exception {
        assertThat(cached(new Counting(test)).call()).isEqualTo("run 1");
        assertThat(cached(new Counting(test)).call()).isEqualTo("run 1");
        assertThat(cached(new Counting(test + "b")).call()).isEqualTo("run 1");
        assertThat(RUNS).containsEntry(test + "b", 1);
    }

    @Test
    void codeThatCannotTravelIsCachedWhereItIs() throws Exception {
        String name = test;
        Object unserializable = new Object();
        Function0<String> code = cached(() -> unserializable.hashCode() + run(name));

        assertThat(code.call()).isEqualTo(code.call());
        assertThat(RUNS).containsEntry(name, 1);
    }

    @Test
    void anExceptionIsThrownAsItIsAndNotKept() throws Exception {
        String name = test;
        Function0<String> code =
                cached(() -> {
                    String run = run(name);
                    if (run.equals("run 1")) {
                        throw new IOException("first");
                    }
                    return run;
                });

        assertThatExceptionOfType(IOException.class).isThrownBy(code::call).withMessage("first");
        assertThat(code.call()).isEqualTo("run 2");
        assertThat(code.call()).isEqualTo("run 2");
    }

    @Test
    void anErrorIsThrownAsItIsAndNotKept() throws Exception {
        String name = test;
        Function0<String> code =
                cached(() -> {
                    if (run(name).equals("run 1")) {
                        throw new StackOverflowError();
                    }
                    return "well";
                });

        assertThatExceptionOfType(StackOverflowError.class).isThrownBy(code::call);
        assertThat(code.call()).isEqualTo("well");
    }

    private static final Function1<Integer, Long> FIBONACCI = cached1(CachedTest::fibonacci);

    private static long fibonacci(int n) throws Exception {
        return n < 2 ? n : FIBONACCI.call(n - 1) + FIBONACCI.call(n - 2);
    }

    @Test
    void cachedCodeMayCallItselfWithOtherArguments() throws Exception {
        assertThat(FIBONACCI.call(80)).isEqualTo(23_416_728_348_467_685L);
    }

    private static final Function0<String> ENDLESS = cached0(CachedTest::endless);

    private static String endless() throws Exception {
        return ENDLESS.call();
    }

    @Test
    void codeThatNeedsItsOwnValueIsTold() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(ENDLESS::call)
                .withMessageContaining("needs its own value");
    }

    private static final CountDownLatch STARTED = new CountDownLatch(1);
    private static final CountDownLatch GO_ON = new CountDownLatch(1);

    private static String slow() throws InterruptedException {
        STARTED.countDown();
        GO_ON.await();
        return run("slow");
    }

    @Test
    void threadsThatRaceGetOneValue() throws Exception {
        Function0<String> code = cached(CachedTest::slow);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Callable<String> call = code::call;
                results.add(threads.submit(call));
            }
            STARTED.await();
            GO_ON.countDown();
            for (Future<String> result : results) {
                assertThat(result.get()).isEqualTo("run 1");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T copy(T object) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
