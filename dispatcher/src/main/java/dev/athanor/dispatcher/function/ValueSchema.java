package dev.athanor.dispatcher.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The part of JSON Schema that says what fits a parameter: {@code type}, {@code enum}, {@code
 * minimum}, {@code maximum}, {@code minLength}, {@code maxLength}, {@code items}, {@code
 * prefixItems} (as many as there are), {@code properties}, {@code required}, {@code
 * additionalProperties} and {@code anyOf}; {@code title}, {@code description} and {@code format}
 * are for people, but for the formats {@code uuid}, {@code date} and {@code byte}. An integer has
 * neither fraction nor exponent.
 */
final class ValueSchema {
    private static final int MOST_NESTED = 32;
    private static final int SHOWN = 60;
    private static final Set<String> TYPES =
            Set.of("string", "integer", "number", "boolean", "null", "array", "object");
    private static final Set<String> TEXTS = Set.of("title", "description", "format");
    private static final Set<String> SCHEMA_LISTS = Set.of("anyOf", "prefixItems");
    private static final Set<String> LENGTHS = Set.of("minLength", "maxLength");
    private static final Set<String> NUMBERS = Set.of("minimum", "maximum");

    private ValueSchema() {}

    /**
     * @throws IllegalArgumentException when it is no schema that is known here
     */
    static void check(JsonNode schema) {
        check(schema, 0);
    }

    private static void check(JsonNode schema, int depth) {
        if (depth > MOST_NESTED) {
            throw new IllegalArgumentException(
                    "a schema is nested more than %d deep".formatted(MOST_NESTED));
        }
        if (!schema.isObject()) {
            throw new IllegalArgumentException("a schema is an object, got " + shown(schema));
        }
        schema.properties().forEach(entry -> check(entry.getKey(), entry.getValue(), depth));
    }

    private static void check(String keyword, JsonNode value, int depth) {
        boolean isFine;
        if (keyword.equals("type")) {
            isFine = !types(value).isEmpty() && TYPES.containsAll(types(value));
        } else if (keyword.equals("enum")) {
            isFine = value.isArray() && !value.isEmpty() && all(value, JsonNode::isValueNode);
        } else if (keyword.equals("required")) {
            isFine = value.isArray() && all(value, JsonNode::isTextual);
        } else if (TEXTS.contains(keyword)) {
            isFine = value.isTextual();
        } else if (LENGTHS.contains(keyword)) {
            isFine = value.canConvertToInt();
        } else if (NUMBERS.contains(keyword)) {
            isFine = value.isNumber();
        } else if (SCHEMA_LISTS.contains(keyword)) {
            isFine = value.isArray() && !(keyword.equals("anyOf") && value.isEmpty());
            value.forEach(each -> check(each, depth + 1));
        } else if (keyword.equals("properties")) {
            isFine = value.isObject();
            value.forEach(each -> check(each, depth + 1));
        } else if (keyword.equals("additionalProperties") && value.isBoolean()) {
            isFine = true;
        } else if (keyword.equals("items") || keyword.equals("additionalProperties")) {
            check(value, depth + 1);
            isFine = true;
        } else {
            throw new IllegalArgumentException(
                    "a schema has the keyword '%s', which is not known here".formatted(keyword));
        }
        if (!isFine) {
            throw new IllegalArgumentException(
                    "a schema's %s cannot be %s".formatted(keyword, shown(value)));
        }
    }

    private static boolean all(JsonNode values, Predicate<JsonNode> isFine) {
        return values.valueStream().allMatch(isFine);
    }

    private static List<String> types(JsonNode type) {
        return type.isArray()
                ? type.valueStream().map(JsonNode::asText).toList()
                : List.of(type.asText());
    }

    /**
     * What does not fit; empty: all does.
     *
     * @param schema that was checked
     * @param place names the value in messages
     */
    static Optional<String> misfit(JsonNode schema, JsonNode value, String place) {
        JsonNode choices = schema.get("anyOf");
        if (choices != null
                && choices.valueStream().noneMatch(each -> misfit(each, value, place).isEmpty())) {
            return expected(schema, value, place);
        }
        if (schema.has("type") && types(schema.get("type")).stream().noneMatch(t -> is(t, value))) {
            return expected(schema, value, place);
        }
        if (schema.has("enum")
                && schema.get("enum").valueStream().noneMatch(each -> each.equals(value))) {
            return expected(schema, value, place);
        }
        if ((value.isNumber() && !isInRange(schema, value))
                || (value.isTextual() && !isWritten(schema, value.textValue()))) {
            return expected(schema, value, place);
        }
        if (value.isArray()) {
            return misfitOfElements(schema, value, place);
        }
        return value.isObject() ? misfitOfProperties(schema, value, place) : Optional.empty();
    }

    private static boolean is(String type, JsonNode value) {
        return switch (type) {
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "array" -> value.isArray();
            default -> value.isObject();
        };
    }

    private static boolean isInRange(JsonNode schema, JsonNode value) {
        JsonNode least = schema.get("minimum");
        JsonNode most = schema.get("maximum");
        return (least == null || value.decimalValue().compareTo(least.decimalValue()) >= 0)
                && (most == null || value.decimalValue().compareTo(most.decimalValue()) <= 0);
    }

    private static boolean isWritten(JsonNode schema, String text) {
        int length = text.codePointCount(0, text.length());
        return length >= schema.path("minLength").asInt(0)
                && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
                && TextFormat.fits(schema.path("format").asText(), text);
    }

    private static Optional<String> misfitOfElements(
            JsonNode schema, JsonNode value, String place) {
        JsonNode first = schema.path("prefixItems");
        if (first.isArray() && first.size() != value.size()) {
            return Optional.of(
                    "%s: expected an array of %d, got one of %d"
                            .formatted(place, first.size(), value.size()));
        }
        for (int i = 0; i < value.size(); i++) {
            JsonNode each = first.isArray() ? first.get(i) : schema.get("items");
            Optional<String> misfit =
                    each == null
                            ? Optional.empty()
                            : misfit(each, value.get(i), "%s[%d]".formatted(place, i));
            if (misfit.isPresent()) {
                return misfit;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> misfitOfProperties(
            JsonNode schema, JsonNode value, String place) {
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.textValue())) {
                return Optional.of(place + "." + name.textValue() + " is missing");
            }
        }
        JsonNode known = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            JsonNode each = known.has(entry.getKey()) ? known.get(entry.getKey()) : others;
            if (each.isBoolean() && !each.booleanValue()) {
                List<String> names = new ArrayList<>();
                known.fieldNames().forEachRemaining(names::add);
                return Optional.of(
                        "%s: there is no %s, but %s"
                                .formatted(place, shorter(entry.getKey()), names));
            }
            Optional<String> misfit =
                    each.isObject()
                            ? misfit(each, entry.getValue(), place + "." + shorter(entry.getKey()))
                            : Optional.empty();
            if (misfit.isPresent()) {
                return misfit;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> expected(JsonNode schema, JsonNode value, String place) {
        return Optional.of(
                "%s: expected %s, got %s".formatted(place, describe(schema), shown(value)));
    }

    /** What it wants, in a few words. */
    static String describe(JsonNode schema) {
        if (schema.has("title")) {
            return schema.get("title").textValue();
        }
        if (schema.has("enum")) {
            return "one of " + schema.get("enum");
        }
        if (schema.has("anyOf")) {
            return String.join(
                    " or ", schema.get("anyOf").valueStream().map(ValueSchema::describe).toList());
        }
        String types =
                schema.has("type") ? String.join(" or ", types(schema.get("type"))) : "a value";
        if (schema.has("format")) {
            types += " (" + schema.get("format").textValue() + ")";
        }
        if (schema.has("minimum") && schema.has("maximum")) {
            types += " from %s to %s".formatted(schema.get("minimum"), schema.get("maximum"));
        } else if (schema.has("minimum")) {
            types += " from " + schema.get("minimum");
        } else if (schema.has("maximum")) {
            types += " up to " + schema.get("maximum");
        }
        return types;
    }

    /** What was given, shortened. */
    static String shown(JsonNode value) {
        if (value.isArray()) {
            return "an array";
        }
        return value.isObject() ? "an object" : shorter(value.toString());
    }

    static String shorter(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
