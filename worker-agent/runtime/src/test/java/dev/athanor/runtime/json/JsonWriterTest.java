package dev.athanor.runtime.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    record Item(String name, int count, Optional<Double> price) {}

    @Test
    void valuesOfEveryKindAreWritten() throws Exception {
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put("a", Arrays.asList(1, 2L, 2.5, new BigDecimal("1E+3"), true, null, 'c'));
        map.put(TimeUnit.DAYS, new int[] {1, 2});
        map.put(7, new Object[] {TimeUnit.HOURS, new byte[] {1, 2, 3}});

        assertThat(write(map))
                .isEqualTo(
                        "{\"a\":[1,2,2.5,1E+3,true,null,\"c\"],\"DAYS\":[1,2],"
                                + "\"7\":[\"HOURS\",\"AQID\"]}");
        assertThat(write(List.of())).isEqualTo("[]");
        assertThat(write(Map.of())).isEqualTo("{}");
        assertThat(write(null)).isEqualTo("null");
    }

    @Test
    void recordsAreObjects() throws Exception {
        assertThat(write(new Item("a", 1, Optional.empty())))
                .isEqualTo("{\"name\":\"a\",\"count\":1,\"price\":null}");
        assertThat(write(new Item("a", 1, Optional.of(2.5)))).endsWith("\"price\":2.5}");
    }

    @Test
    void timesAndNamesAreStrings() throws Exception {
        assertThat(write(Instant.EPOCH)).isEqualTo("\"1970-01-01T00:00:00Z\"");
        assertThat(write(Duration.ofSeconds(90))).isEqualTo("\"PT1M30S\"");
        assertThat(write(new UUID(0, 1))).isEqualTo("\"00000000-0000-0000-0000-000000000001\"");
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        String text = "\"\\/\b\f\n\r\t\u0000\u2028ä😀\ud83d";

        assertThat(JsonReader.read(write(text).getBytes(UTF_8))).isEqualTo(text);
    }

    @Test
    void whatHasNoFormIsRefusedWithItsPlace() {
        assertRefused(
                Map.of("a", List.of(1, new Object())),
                "at .a[1]: an object of class java.lang.Object has no form in JSON: return"
                        + " records, maps, collections, strings or numbers");
        assertRefused(List.of(Double.NaN), "at [0]: NaN has no form in JSON");
    }

    @Test
    void aValueThatHoldsItselfIsRefused() {
        List<Object> list = new ArrayList<>();
        list.add(list);

        assertRefused(list, "it is nested more than 256 deep, or holds itself");
    }

    private static void assertRefused(Object value, String message) {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> write(value))
                .withMessage(message);
    }

    private static String write(Object value) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonWriter.write(value, out);
        return out.toString(UTF_8);
    }
}
