package dev.athanor.runtime.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    @Test
    void valuesOfEveryKindAreRead() throws Exception {
        assertThat(read(" { \"a\" : [ 1 , -2.5e3, true, false, null, {} , [] ] } "))
                .isEqualTo(
                        Map.of(
                                "a",
                                Arrays.asList(
                                        new BigDecimal("1"),
                                        new BigDecimal("-2.5e3"),
                                        true,
                                        false,
                                        null,
                                        Map.of(),
                                        List.of())));
    }

    @Test
    void stringsHaveEscapesAndAnyCharacter() throws Exception {
        assertThat(read("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00 ä😀\""))
                .isEqualTo("\"\\/\b\f\n\r\tä😀 ä😀");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[1,]",
                "[1 2]",
                "[",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\"}",
                "{\"a\":1,\"a\":2}",
                "01",
                "1.",
                ".5",
                "+1",
                "-",
                "1e",
                "0x10",
                "NaN",
                "Infinity",
                "tru",
                "nulls",
                "1 2",
                "'a'",
                "\"a",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u\u0661\u0661\u0661\u0661\"",
                "\"\n\"",
                "// a\n1",
                "1e99999999999"
            })
    void whatIsNoJsonIsRefused(String text) {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> read(text))
                .withMessageContaining("JSON");
    }

    @Test
    void aRefusalSaysWhere() {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> read("[1, 2"))
                .withMessage("no JSON: the end at character 6, where ']' was expected");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> JsonReader.read(new byte[] {'"', (byte) 0xff, '"'}))
                .withMessageContaining("UTF-8");
    }

    @Test
    void depthAndNumbersAreBounded() throws Exception {
        assertThat(read("[".repeat(200) + "]".repeat(200))).isInstanceOf(List.class);
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> read("[".repeat(100_000)))
                .withMessageContaining("256 deep");
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> read("9".repeat(100_000)))
                .withMessageContaining("100000 characters");
    }

    private static Object read(String text) throws JsonException {
        return JsonReader.read(text.getBytes(UTF_8));
    }
}
