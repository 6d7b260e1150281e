package dev.athanor.dispatcher.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {
    private static final String CODE =
            "\"language\": \"JAVA\", \"entryPoint\": {\"owner\": \"a/B\", \"name\": \"c\","
                    + " \"descriptor\": \"()V\", \"referenceKind\": 6}";
    private static final String PYTHON =
            "\"language\": \"PYTHON\", \"entryPoint\": {\"owner\": \"m\", \"name\": \"f\"}";

    private static final String NAME_AND_COUNT =
            """
            {"name": "name", "required": true, "schema": {"type": "string"}},
            {"name": "count", "required": true,
             "schema": {"type": "integer", "minimum": -2147483648, "maximum": 2147483647}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"a\"] | the function takes 2 arguments (name, count), got 1: parameter \"count\" is missing",
                "[] | the function takes 2 arguments (name, count), got 0: parameter \"name\" is missing",
                "[\"a\", 1, 2] | the function takes 2 arguments (name, count), got 3",
                "[1, 1] | parameter \"name\": expected string, got 1",
                "[\"a\", \"1\"] | parameter \"count\": expected integer from -2147483648 to 2147483647, got \"1\"",
                "[\"a\", 1.5] | parameter \"count\": expected integer from -2147483648 to 2147483647, got 1.5",
                "[\"a\", 2147483648] | parameter \"count\": expected integer from -2147483648 to 2147483647, got 2147483648",
                "[\"a\", null] | parameter \"count\": expected integer from -2147483648 to 2147483647, got null",
                "{\"name\": \"a\"} | parameter \"count\" is missing",
                "{\"name\": \"a\", \"count\": 1, \"x\": 2} | the function has no parameter \"x\", but [name, count]",
                "7 | arguments are an array, or an object by the names of parameters; got 7"
            })
    void whatDoesNotFitIsRefusedWithTheParameter(String arguments, String message) {
        assertThat(misfit(CODE, NAME_AND_COUNT, arguments)).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"a\", 1]", "{\"count\": -5, \"name\": \"\"}"})
    void whatFitsIsTaken(String arguments) {
        assertThatCode(() -> check(CODE, NAME_AND_COUNT, arguments)).doesNotThrowAnyException();
    }

    @Test
    void pythonsParametersOfAllKindsAreBoundAsPythonDoes() {
        String parameters =
                """
                {"name": "a", "kind": "POSITIONAL_ONLY", "required": true, "schema": {}},
                {"name": "b", "required": false, "schema": {"type": "integer"}},
                {"name": "rest", "kind": "MORE_POSITIONAL", "schema": {"type": "integer"}},
                {"name": "k", "kind": "NAMED_ONLY", "required": false, "schema": {}},
                {"name": "others", "kind": "MORE_NAMED", "schema": {"type": "string"}}
                """;

        check(PYTHON, parameters, "[1]");
        check(PYTHON, parameters, "[1, 2, 3, 4]");
        assertThat(misfit(PYTHON, parameters, "[1, 2, 3, \"x\"]"))
                .isEqualTo("parameter \"rest\": expected integer, got \"x\"");
        assertThat(misfit(PYTHON, parameters, "{\"a\": 1}"))
                .isEqualTo("parameter \"a\" is given by position only");
        String named = parameters.replace("\"POSITIONAL_ONLY\"", "\"ANY\"");
        check(PYTHON, named, "{\"a\": 1, \"k\": [], \"z\": \"text\"}");
        assertThat(misfit(PYTHON, named, "{\"a\": 1, \"z\": 5}"))
                .isEqualTo("parameter \"z\": expected string, got 5");
        assertThat(
                        misfit(
                                PYTHON,
                                "{\"name\": \"k\", \"kind\": \"NAMED_ONLY\", \"required\": true,"
                                        + " \"schema\": {}}",
                                "[]"))
                .isEqualTo("parameter \"k\" is given by name only");
    }

    @Test
    void nestedValuesAreCheckedAndTheirPlaceIsSaid() {
        String order =
                """
                {"name": "order", "required": true, "schema": {"type": "object",
                 "properties": {"id": {"type": "string", "format": "uuid"},
                                "lines": {"type": "array", "items": {"type": "object",
                                    "properties": {"sku": {"type": "string"},
                                                   "size": {"enum": ["S", "M"]}},
                                    "required": ["sku"], "additionalProperties": false}},
                                "at": {"type": "array",
                                       "prefixItems": [{"type": "number"}, {"type": "number"}]},
                                "due": {"anyOf": [{"type": "string", "format": "date"},
                                                  {"type": "null"}]}},
                 "required": ["lines"], "additionalProperties": false}}
                """;

        check(
                CODE,
                order,
                "[{\"lines\": [{\"sku\": \"a\", \"size\": \"M\"}], \"at\": [1, 2.5],"
                        + " \"due\": null}]");
        assertThat(misfit(CODE, order, "[{}]")).isEqualTo("parameter \"order\".lines is missing");
        assertThat(misfit(CODE, order, "[{\"lines\": [{\"sku\": \"a\"}, {\"sku\": 1}]}]"))
                .isEqualTo("parameter \"order\".lines[1].sku: expected string, got 1");
        assertThat(misfit(CODE, order, "[{\"lines\": [{\"sku\": \"a\", \"size\": \"L\"}]}]"))
                .isEqualTo(
                        "parameter \"order\".lines[0].size: expected one of [\"S\",\"M\"], got \"L\"");
        assertThat(misfit(CODE, order, "[{\"lines\": [{\"sku\": \"a\", \"x\": 1}]}]"))
                .isEqualTo("parameter \"order\".lines[0]: there is no x, but [sku, size]");
        assertThat(misfit(CODE, order, "[{\"lines\": [], \"at\": [1]}]"))
                .isEqualTo("parameter \"order\".at: expected an array of 2, got one of 1");
        assertThat(misfit(CODE, order, "[{\"lines\": [], \"due\": \"2026-02-30\"}]"))
                .isEqualTo(
                        "parameter \"order\".due: expected string (date) or null, got \"2026-02-30\"");
        assertThat(misfit(CODE, order, "[{\"lines\": [], \"id\": \"1-1-1-1-1\"}]"))
                .startsWith("parameter \"order\".id: expected string (uuid)");
    }

    @Test
    void javaTakesAllByPositionAndLeavesOptionalOnesOutByName() {
        String optional =
                "{\"name\": \"a\", \"required\": false, \"schema\": {\"type\": [\"string\", \"null\"]}}";

        check(CODE, optional, "{}");
        check(CODE, optional, "[null]");
        assertThat(misfit(CODE, optional, "[]")).contains("parameter \"a\" is missing");
        check(PYTHON, optional, "[]");
    }

    @Test
    void whereNamesAreNotKnownArgumentsGoByPosition() {
        String nameless = "{\"required\": true, \"schema\": {\"type\": \"string\"}}";

        assertThat(misfit(CODE, nameless, "{\"a\": \"x\"}")).contains("-parameters");
        assertThat(misfit(CODE, nameless, "[5]")).isEqualTo("parameter 1: expected string, got 5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[1,]",
                "[1] 2",
                "{\"a\": 1, \"a\": 2}",
                "[NaN]",
                "[\"\u0000\"]",
                "nonsense"
            })
    void whatIsNoJsonIsRefused(String text) {
        assertThatExceptionOfType(FunctionException.class)
                .isThrownBy(() -> DeploymentJson.tree(text.getBytes(UTF_8)));
    }

    @Test
    void whatIsTooDeepOrTooLongIsRefused() {
        assertThatExceptionOfType(FunctionException.class)
                .isThrownBy(() -> DeploymentJson.tree("[".repeat(100_000).getBytes(UTF_8)));
        assertThatExceptionOfType(FunctionException.class)
                .isThrownBy(() -> DeploymentJson.tree("9".repeat(100_000).getBytes(UTF_8)));
        assertThatExceptionOfType(FunctionException.class)
                .isThrownBy(() -> DeploymentJson.tree(new byte[] {'"', (byte) 0xff, '"'}));
        assertThat(misfit(CODE, NAME_AND_COUNT, "[\"a\", 1e999999999]")).contains("count");
        assertThat(misfit(CODE, NAME_AND_COUNT, "[\"a\", \"%s\"]".formatted("x".repeat(10_000))))
                .hasSizeLessThan(300);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"text\"}",
                "{\"typ\": \"string\"}",
                "{\"$ref\": \"#/x\"}",
                "{\"pattern\": \"(a+)+$\"}",
                "{\"enum\": []}",
                "{\"items\": 1}",
                "{\"minLength\": \"1\"}",
                "[]"
            })
    void schemasThatAreNotKnownAreRefused(String schema) {
        String deployment =
                "{%s, \"parameters\": [{\"name\": \"a\", \"schema\": %s}]}".formatted(CODE, schema);

        assertThatExceptionOfType(FunctionException.class)
                .isThrownBy(() -> DeploymentJson.read(deployment.getBytes(UTF_8)));
    }

    @Test
    void aSchemaThatIsNestedTooDeepIsRefused() {
        String deep = "{\"items\": ".repeat(40) + "{}" + "}".repeat(40);
        String deployment =
                "{%s, \"parameters\": [{\"name\": \"a\", \"schema\": %s}]}".formatted(CODE, deep);

        assertThatExceptionOfType(FunctionException.class)
                .isThrownBy(() -> DeploymentJson.read(deployment.getBytes(UTF_8)))
                .withMessageContaining("nested");
    }

    private static void check(String code, String parameters, String arguments) {
        DeploymentJson.read(
                        "{%s, \"parameters\": [%s]}".formatted(code, parameters).getBytes(UTF_8))
                .signature()
                .check(DeploymentJson.tree(arguments.getBytes(UTF_8)));
    }

    private static String misfit(String code, String parameters, String arguments) {
        try {
            check(code, parameters, arguments);
        } catch (FunctionException e) {
            return String.valueOf(e.getMessage());
        }
        throw new AssertionError("it fits: " + arguments);
    }
}
