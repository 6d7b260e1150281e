package dev.athanor.api.internal.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TypeSchemasTest {
    enum Size {
        S,
        L
    }

    record Line(String sku, int count) {}

    record Tree(List<Tree> children) {}

    record Holds(Thread thread) {}

    @SuppressWarnings("unused")
    static void types(
            int number,
            Long maybe,
            String text,
            Size size,
            Optional<UUID> id,
            List<? extends Line> lines,
            Map<String, double[]> series,
            byte[] bytes,
            Tree tree,
            Object anything,
            Thread thread,
            Holds holds,
            Stream<String> stream) {}

    @Test
    void primitivesAreNumbersInTheirRange() {
        assertThat(schema(0))
                .isEqualTo("{\"type\":\"integer\",\"minimum\":-2147483648,\"maximum\":2147483647}");
    }

    @Test
    void referencesMayBeNull() {
        assertThat(schema(1)).startsWith("{\"type\":[\"integer\",\"null\"]");
        assertThat(schema(2)).isEqualTo("{\"type\":[\"string\",\"null\"]}");
        assertThat(schema(3)).isEqualTo("{\"enum\":[\"S\",\"L\",null]}");
        assertThat(schema(4)).isEqualTo("{\"type\":[\"string\",\"null\"],\"format\":\"uuid\"}");
    }

    @Test
    void collectionsAndRecordsSayWhatIsInThem() {
        assertThat(schema(5))
                .contains("\"items\":{\"type\":[\"object\",\"null\"]")
                .contains("\"required\":[\"count\"]")
                .contains("\"additionalProperties\":false");
        assertThat(schema(6)).contains("\"additionalProperties\":{\"type\":[\"array\",\"null\"]");
        assertThat(schema(7)).contains("\"format\":\"byte\"").contains("\"items\"");
    }

    @Test
    void typesThatHoldThemselvesEnd() {
        assertThat(schema(8)).contains("children").hasSizeLessThan(400);
        assertThat(schema(9)).isEqualTo("{}");
    }

    @Test
    void whatJsonCannotGiveHasNone() {
        for (int i : new int[] {10, 11, 12}) {
            assertThat(new TypeSchemas(new JsonMapper()).of(type(i))).as("%d", i).isEmpty();
        }
    }

    private static String schema(int index) {
        return new TypeSchemas(new JsonMapper()).of(type(index)).orElseThrow().toString();
    }

    private static Type type(int index) {
        Method types =
                Arrays.stream(TypeSchemasTest.class.getDeclaredMethods())
                        .filter(method -> method.getName().equals("types"))
                        .findFirst()
                        .orElseThrow();
        return types.getGenericParameterTypes()[index];
    }
}
