package dev.athanor.runtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlainValuesTest {
    private static final long SEED = 7;

    static Stream<Object> plain() {
        return Stream.of(
                true,
                false,
                Byte.MIN_VALUE,
                Short.MIN_VALUE,
                Character.MAX_VALUE,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                Float.NaN,
                -0.0,
                Double.longBitsToDouble(0x7ff8_0000_0000_0001L),
                "",
                "ä€😀\0",
                "\ud800 alone",
                "€".repeat(20_000));
    }

    @ParameterizedTest
    @MethodSource("plain")
    void aPlainValueComesBackAsItWas(Object value) throws IOException {
        byte[] bytes = written(value);

        assertThat(PlainValues.arePlain(bytes)).isTrue();
        assertThat(PlainValues.read(bytes)).isEqualTo(value).hasSameClassAs(value);
    }

    @Test
    void nullAndSeveralValuesComeBack() throws IOException {
        assertThat(PlainValues.read(written(null))).isNull();
        assertThat(PlainValues.read(PlainValues.writeAll("a", null, 3)))
                .isEqualTo(new Object[] {"a", null, 3});
        assertThat(PlainValues.read(PlainValues.writeAll())).isEqualTo(new Object[0]);
    }

    @Test
    void whatIsNotPlainIsLeftToSerialization() {
        assertThat(PlainValues.write(BigInteger.ONE)).isNull();
        assertThat(PlainValues.write(new byte[1])).isNull();
        assertThat(PlainValues.write("a".repeat(20_001))).isNull();
        assertThat(PlainValues.writeAll(1, List.of())).isNull();
        assertThat(PlainValues.writeAll(new Object[256])).isNull();
    }

    @Test
    void aSerializedObjectIsToldFromPlainValues() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject("text");
        }

        assertThat(PlainValues.arePlain(bytes.toByteArray())).isFalse();
        assertThat(PlainValues.arePlain(new byte[0])).isFalse();
    }

    @Test
    void malformedBytesAreRefused() {
        byte[] text = written("text");
        for (int length = 1; length < text.length; length++) {
            byte[] cut = Arrays.copyOf(text, length);
            assertThatThrownBy(() -> PlainValues.read(cut)).isInstanceOf(IOException.class);
        }
        byte[] longer = Arrays.copyOf(text, text.length + 1);
        assertThatThrownBy(() -> PlainValues.read(longer))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("after the end");
        assertThatThrownBy(() -> PlainValues.read(new byte[] {1, 99}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tag 99");
    }

    @Test
    void anyBytesGiveValuesOrAreRefused() throws IOException {
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(12)];
            random.nextBytes(bytes);
            bytes[0] = (byte) (1 + random.nextInt(2));
            Object value;
            try {
                value = PlainValues.read(bytes);
            } catch (IOException e) {
                refused++;
                continue;
            }
            byte[] again =
                    value instanceof Object[] values
                            ? PlainValues.writeAll(values)
                            : PlainValues.write(value);
            assertThat(PlainValues.read(again)).isEqualTo(value);
        }
        assertThat(refused).isBetween(1, 9_999);
    }

    private static byte[] written(@Nullable Object value) {
        byte[] bytes = PlainValues.write(value);
        assertThat(bytes).isNotNull();
        return bytes;
    }
}
