package dev.athanor.api.internal.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.api.RefusedResultException;
import dev.athanor.api.UnserializableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResultReaderTest {
    record Bundled(String text) implements Serializable {}

    record Foreign(String text) implements Serializable {}

    /** What an attacker hopes for: code that runs while it is read. */
    static final class Gadget implements Serializable {
        private static final long serialVersionUID = 1L;
        static final AtomicInteger RUNS = new AtomicInteger();

        private void readObject(ObjectInputStream in) {
            RUNS.incrementAndGet();
        }
    }

    static final class Linked implements Serializable {
        private static final long serialVersionUID = 1L;
        Linked next;
    }

    private final ResultReader reader = reader(List.of());

    @Test
    void plainValuesAreRead() throws Exception {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("numbers", List.of(1, 2L, 3.0, new BigDecimal("4.5")));
        map.put("arrays", null);
        map.put("time", List.of(Instant.EPOCH, ZoneId.of("Europe/Berlin")));
        map.put("more", Set.of(UUID.randomUUID(), 'c', true));
        map.put("concurrent", new ConcurrentHashMap<>(Map.of("a", 1)));

        assertThat(reader.read(serialized(map))).isEqualTo(map);
        assertThat(reader.read(serialized(new int[][] {{1}, {2, 3}})))
                .isEqualTo(new int[][] {{1}, {2, 3}});
        assertThat(reader.read(serialized(new byte[1_000_000]))).isEqualTo(new byte[1_000_000]);
        assertThat(reader.read(serialized(null))).isNull();
        assertThat(reader.read(serialized(int.class))).isEqualTo(int.class);
    }

    @Test
    void largeCollectionsAreRead() throws Exception {
        List<Integer> list = IntStream.range(0, 300_000).boxed().toList();
        Map<Integer, String> map = new HashMap<>();
        list.forEach(i -> map.put(i, null));

        assertThat(reader.read(serialized(new ArrayList<>(list)))).isEqualTo(list);
        assertThat(reader.read(serialized(map))).isEqualTo(map);
        assertThat(reader.read(serialized(new ArrayList<>(Arrays.asList(new Object[5_000])))))
                .isEqualTo(Arrays.asList(new Object[5_000]));
    }

    @Test
    void classesThatWereSentAreRead() throws Exception {
        assertThat(reader.read(serialized(List.of(new Bundled("x")))))
                .isEqualTo(List.of(new Bundled("x")));
        assertThat(reader.read(serialized(new Bundled[] {new Bundled("x")})))
                .isEqualTo(new Bundled[] {new Bundled("x")});
    }

    @Test
    void otherClassesAreRefusedBeforeTheirCodeRuns() throws Exception {
        byte[] bytes = serialized(List.of(new Gadget()));

        assertThatExceptionOfType(RefusedResultException.class)
                .isThrownBy(() -> reader.read(bytes))
                .withMessageContaining("allowResult(\"" + Gadget.class.getName() + "\")");
        assertThat(Gadget.RUNS).hasValue(0);
    }

    @Test
    void classesOfTheJdkThatAreNoPlainValuesAreRefused() throws Exception {
        byte[] url = serialized(new HashMap<>(Map.of("u", URI.create("http://a.example").toURL())));

        assertThatExceptionOfType(RefusedResultException.class)
                .isThrownBy(() -> reader.read(url))
                .withMessageContaining(URL.class.getName());
    }

    @Test
    void proxiesAndLambdasAreRefused() throws Exception {
        Object proxy =
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Comparable.class},
                        new SerializableHandler());
        byte[] proxyBytes = serialized(proxy);
        byte[] lambdaBytes = serialized((Supplier<String> & Serializable) () -> "x");

        assertThatExceptionOfType(UnserializableException.class)
                .isThrownBy(() -> reader.read(proxyBytes));
        assertThatExceptionOfType(RefusedResultException.class)
                .isThrownBy(() -> reader.read(lambdaBytes));
    }

    @Test
    void patternsAllowFurtherClasses() throws Exception {
        byte[] bytes = serialized(new Foreign("x"));
        String name = Foreign.class.getName();
        String packageName = Foreign.class.getPackageName();

        assertThat(reader(List.of(name)).read(bytes)).isEqualTo(new Foreign("x"));
        assertThat(reader(List.of(packageName + ".*")).read(bytes)).isEqualTo(new Foreign("x"));
        assertThat(reader(List.of("dev.athanor.**")).read(bytes)).isEqualTo(new Foreign("x"));
        assertThatExceptionOfType(RefusedResultException.class)
                .isThrownBy(() -> reader(List.of("dev.athanor.*")).read(bytes));
        assertThatExceptionOfType(RefusedResultException.class)
                .isThrownBy(() -> reader(List.of("dev.athan.**")).read(bytes));
    }

    @Test
    void exceptionsOfTheJdkAreRead() throws Exception {
        Object read = reader.read(serialized(new UncheckedIOException(new IOException("disk"))));

        assertThat(read).isInstanceOf(UncheckedIOException.class);
        assertThat(((Throwable) read).getCause()).isInstanceOf(IOException.class);
    }

    @Test
    void deepResultsAreRefused() throws InterruptedException {
        Linked first = new Linked();
        Linked last = first;
        for (int i = 0; i < 1_500; i++) {
            last.next = new Linked();
            last = last.next;
        }
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread roomy =
                new Thread(
                        null,
                        () -> {
                            try {
                                reader(List.of(Linked.class.getName())).read(serialized(first));
                            } catch (IOException | RuntimeException e) {
                                thrown.set(e);
                            }
                        },
                        "roomy",
                        64L << 20);
        roomy.start();
        roomy.join();

        assertThat(thrown.get())
                .isInstanceOf(RefusedResultException.class)
                .hasMessageContaining("nested more than 1,000 deep");
    }

    @Test
    void arraysThatTheBytesCannotHoldAreRefused() throws Exception {
        byte[] bytes = serialized(new long[] {1});
        int length = bytes.length - Long.BYTES - Integer.BYTES;
        bytes[length] = 0x7f;

        assertThatExceptionOfType(RefusedResultException.class)
                .isThrownBy(() -> reader.read(bytes))
                .withMessageContaining("larger than its");
    }

    @Test
    void classesThatTheCallerLacksAreNamed() throws Exception {
        byte[] bytes = serialized(new Foreign("x"));
        ResultReader elsewhere =
                new ResultReader(
                        new ClassLoader(ClassLoader.getPlatformClassLoader()) {},
                        Set.of(),
                        List.of(Foreign.class.getName()));

        assertThatExceptionOfType(UnserializableException.class)
                .isThrownBy(() -> elsewhere.read(bytes))
                .satisfies(e ->
                        assertThat(e.getMessage())
                                .contains(Foreign.class.getName())
                                .contains("class path"));
    }

    @Test
    void garbageIsReported() {
        assertThatExceptionOfType(UnserializableException.class)
                .isThrownBy(() -> reader.read(new byte[] {1, 2, 3}));
        assertThatExceptionOfType(UnserializableException.class)
                .isThrownBy(() -> reader.read(new byte[0]));
    }

    private static ResultReader reader(List<String> allowed) {
        return new ResultReader(
                ResultReaderTest.class.getClassLoader(), Set.of(Bundled.class.getName()), allowed);
    }

    static byte[] serialized(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    private static final class SerializableHandler implements InvocationHandler, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Object invoke(Object proxy, Method method, Object[] args) {
            return Optional.empty();
        }
    }
}
