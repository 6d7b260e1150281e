package dev.athanor.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.runtime.protocol.InvokeFrame;
import dev.athanor.runtime.protocol.PayloadCodec;
import dev.athanor.runtime.protocol.RejectedFrame;
import dev.athanor.runtime.protocol.RejectionKind;
import dev.athanor.runtime.protocol.ResultFrame;
import dev.athanor.runtime.protocol.SandboxFrame;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of Java functions with JSON, bound to what they declare. */
class JsonCallsTest {
    private static final long LIMIT = 10_000;

    private final CallRunner runner = new CallRunner(JsonCallsTest.class.getClassLoader());

    record Item(String name, int count, Optional<TimeUnit> unit) {}

    record Pair<A, B>(A first, List<B> second) {}

    record Picky(int value) {
        Picky {
            if (value < 0) {
                throw new IllegalArgumentException("below 0");
            }
        }
    }

    @SuppressWarnings("unused")
    static final class Functions {
        private Functions() {}

        static String add(int a, long b, double c) {
            return a + "+" + b + "+" + c;
        }

        static Map<String, Integer> counts(List<Item> items) {
            return Map.of(items.get(0).name(), items.get(0).count());
        }

        static List<Item> items(Item[] items) {
            return Arrays.asList(items);
        }

        static String pair(Pair<UUID, Set<Long>> pair) {
            return pair.first().getClass().getSimpleName() + pair.second();
        }

        static String any(Object value) {
            return value + " " + (value == null ? "" : value.getClass().getSimpleName());
        }

        static String keys(Map<TimeUnit, int[]> values, Map<Integer, Instant> times) {
            return values.get(TimeUnit.DAYS).length + " " + times.get(7);
        }

        static String optional(Optional<String> value) {
            return value.orElse("none");
        }

        static BigInteger big(BigInteger value) {
            return value;
        }

        static String picky(Picky value) {
            return "fine";
        }

        static String closed(Thread value) {
            return "never";
        }

        static Object object() {
            return new Object();
        }

        static String large() {
            return "x".repeat((int) LIMIT);
        }
    }

    @Test
    void argumentsAreBoundByPosition() {
        assertThat(call("add", "[1, 2, 3]")).isEqualTo("\"1+2+3.0\"");
        assertThat(call("add", "[1.0, 2e1, -0.5]")).isEqualTo("\"1+20+-0.5\"");
    }

    @Test
    void recordsEnumsAndCollectionsAreBoundByTheirTypes() {
        assertThat(call("counts", "[[{\"name\":\"a\",\"count\":2}]]")).isEqualTo("{\"a\":2}");
        assertThat(call("items", "[[{\"name\":\"a\",\"count\":2,\"unit\":\"DAYS\"}, null]]"))
                .isEqualTo("[{\"name\":\"a\",\"count\":2,\"unit\":\"DAYS\"},null]");
        assertThat(
                        call(
                                "pair",
                                "[{\"first\":\"%s\",\"second\":[[1],[2]]}]"
                                        .formatted(new UUID(0, 1))))
                .isEqualTo("\"UUID[[1], [2]]\"");
        assertThat(call("keys", "[{\"DAYS\":[1,2]},{\"7\":\"1970-01-01T00:00:00Z\"}]"))
                .isEqualTo("\"2 1970-01-01T00:00:00Z\"");
        assertThat(call("optional", "[null]")).isEqualTo("\"none\"");
        assertThat(call("optional", "[\"x\"]")).isEqualTo("\"x\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "1|1 Long",
                "1.5|1.5 Double",
                "12345678901234567890|12345678901234567890 BigInteger",
                "true|true Boolean",
                "\"x\"|x String",
                "null|null ",
                "[1]|[1] ArrayList",
                "{\"a\":1}|{a=1} LinkedHashMap"
            })
    void whatIsDeclaredAsAnObjectIsAsItComes(String json, String shown) {
        assertThat(call("any", "[" + json + "]").strip())
                .isEqualTo("\"" + (shown.equals("null") ? "null " : shown) + "\"");
    }

    @Test
    void whatDoesNotFitNamesTheParameter() {
        assertRefused(
                "add", "[1, 2]", "the function takes 3 arguments (int a, long b, double c), got 2");
        assertRefused("add", "[1, \"2\", 3]", "parameter \"b\": expected long, got \"2\"");
        assertRefused("add", "[3000000000, 2, 3]", "parameter \"a\": expected int, got 3000000000");
        assertRefused("add", "[1.5, 2, 3]", "parameter \"a\": expected int, got 1.5");
        assertRefused("add", "[null, 2, 3]", "parameter \"a\": expected int, got null");
        assertRefused("add", "[1, 2, 1e999]", "parameter \"c\": expected double, got 1E+999");
        assertRefused(
                "big",
                "[1e999999999]",
                "parameter \"value\": expected BigInteger, got 1E+999999999");
        assertRefused("counts", "[[{\"name\":\"a\"}]]", "parameter \"items\"[0].count is missing");
        assertRefused(
                "counts",
                "[[{\"name\":1,\"count\":1}]]",
                "parameter \"items\"[0].name: expected String, got 1");
        assertRefused(
                "counts",
                "[[{\"name\":\"a\",\"count\":1,\"unti\":1}]]",
                "parameter \"items\"[0]: there is no [unti] in Item, but [name, count, unit]");
        assertRefused(
                "items",
                "[[{\"name\":\"a\",\"count\":1,\"unit\":\"days\"}]]",
                "parameter \"items\"[0].unit: expected one of [NANOSECONDS");
        assertRefused("picky", "[{\"value\":-1}]", "parameter \"value\": Picky refuses it: ");
        assertRefused(
                "closed",
                "[{}]",
                "parameter \"value\": a java.lang.Thread cannot be made of JSON: declare");
        assertRefused("add", "7", "arguments are an array, or an object");
        assertRefused("add", "[1", "no JSON: the end at character 3");
    }

    @Test
    void argumentsAreBoundByNameWhereTheClassHasNames() {
        assertThat(call("add", "{\"c\":3,\"a\":1,\"b\":2}")).isEqualTo("\"1+2+3.0\"");
        assertThat(call("optional", "{}")).isEqualTo("\"none\"");
        assertRefused("add", "{\"a\":1,\"c\":3}", "parameter \"b\" is missing");
        assertRefused(
                "add",
                "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}",
                "the function has no parameter [d], but (int a, long b, double c)");
    }

    /** The classes of the JDK are compiled without. */
    @Test
    void withoutNamesArgumentsAreNumbered() {
        EntryPoint sum = new EntryPoint("java/lang/Integer", "sum", "(II)I", 6);

        assertThat(text(run(sum, "[1, 2]"))).isEqualTo("3");
        assertThat(text(run(sum, "[1]"))).contains("takes 2 arguments (int, int), got 1");
        assertThat(text(run(sum, "[1, true]"))).contains("parameter 2: expected int, got true");
        assertThat(text(run(sum, "{\"a\": 1}"))).contains("compile the class with -parameters");
    }

    @Test
    void methodsTakeTheirReceiverFirst() {
        EntryPoint repeat =
                new EntryPoint("java/lang/String", "repeat", "(I)Ljava/lang/String;", 5);

        assertThat(text(run(repeat, "[\"ab\", 2]"))).isEqualTo("\"abab\"");
        assertThat(text(run(repeat, "[\"ab\", -2]"))).contains("IllegalArgumentException");
    }

    @Test
    void resultsThatAreNoJsonAreRefused() {
        RejectedFrame answer = (RejectedFrame) run(entryPoint("object"), "[]");

        assertThat(answer.kind()).isEqualTo(RejectionKind.INVALID_RESULT);
        assertThat(answer.message())
                .startsWith("the result (of class java.lang.Object) is no JSON: ");
        assertThat(((RejectedFrame) run(entryPoint("large"), "[]")).kind())
                .isEqualTo(RejectionKind.TOO_LARGE);
    }

    private void assertRefused(String function, String json, String message) {
        SandboxFrame answer = run(entryPoint(function), json);
        assertThat(answer).as(text(answer)).isInstanceOf(RejectedFrame.class);
        assertThat(((RejectedFrame) answer).kind()).isEqualTo(RejectionKind.INVALID_INVOCATION);
        assertThat(((RejectedFrame) answer).message()).contains(message);
    }

    private String call(String function, String json) {
        return text(run(entryPoint(function), json));
    }

    private static String text(SandboxFrame answer) {
        if (answer instanceof ResultFrame result) {
            assertThat(result.codec()).isEqualTo(PayloadCodec.JSON);
            return new String(result.result(), UTF_8);
        }
        return answer.toString();
    }

    private SandboxFrame run(EntryPoint entryPoint, String json) {
        return runner.run(
                new InvokeFrame(
                        7, PayloadCodec.JSON, entryPoint, "id", 1, LIMIT, json.getBytes(UTF_8)));
    }

    private static EntryPoint entryPoint(String function) {
        Method method =
                Arrays.stream(Functions.class.getDeclaredMethods())
                        .filter(each -> each.getName().equals(function))
                        .findFirst()
                        .orElseThrow();
        return new EntryPoint(
                Functions.class.getName(),
                function,
                MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                        .descriptorString(),
                6);
    }
}
