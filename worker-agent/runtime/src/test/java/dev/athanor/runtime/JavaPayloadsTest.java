package dev.athanor.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaPayloadsTest {

    private final JavaPayloads payloads = new JavaPayloads(getClass().getClassLoader());

    @Test
    void readsWhatCallersSend() throws Exception {
        Object[] values = {"text", 1, null, List.of(2L), new int[] {3}, int.class, String[].class};

        assertThat(payloads.readArguments(Lambdas.serialize(values))).isEqualTo(values);
    }

    @Test
    void readsLambdas() throws Exception {
        Comparator<String> byLength =
                (Comparator<String> & Serializable) (a, b) -> a.length() - b.length();

        Object[] read = payloads.readArguments(Lambdas.serialize(new Object[] {byLength}));

        @SuppressWarnings("unchecked")
        Comparator<String> comparator = (Comparator<String>) read[0];
        assertThat(comparator.compare("aa", "b")).isEqualTo(1);
    }

    @Test
    void readsProxies() throws Exception {
        InvocationHandler handler =
                (InvocationHandler & Serializable) (proxy, method, arguments) -> "proxied";
        Object proxy =
                Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {CharSequence.class}, handler);

        Object[] read = payloads.readArguments(Lambdas.serialize(new Object[] {proxy}));

        assertThat(read[0]).isInstanceOf(CharSequence.class).hasToString("proxied");
    }

    @Test
    void writesUpToTheLimit() throws Exception {
        int size = JavaPayloads.write("x".repeat(500), 1_000).length;

        assertThat(JavaPayloads.write("x".repeat(500), size)).hasSize(size);
        assertThatExceptionOfType(LimitedOutput.Exceeded.class)
                .isThrownBy(() -> JavaPayloads.write("x".repeat(500), size - 1));
    }

    @Test
    void writesPartByPart() throws IOException {
        try (LimitedOutput out = new LimitedOutput(Long.MAX_VALUE)) {
            for (int i = 0; i < 1_000; i++) {
                out.write(i);
            }
            out.write(new byte[5_000]);

            assertThat(out.toByteArray()).hasSize(6_000).startsWith(0, 1, 2);
        }
    }
}
