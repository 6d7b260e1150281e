package dev.athanor.api.internal.deploy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Says in JSON Schema what a sandbox can bind to a Java type. It says no more than it is sure of:
 * of types that hold themselves, and of the type variables of records, it says nothing. For one
 * thread.
 */
final class TypeSchemas {
    private static final int MOST_NESTED = 12;

    /** What is written as a string, and its format. */
    private static final Map<Class<?>, String> WRITTEN =
            Map.ofEntries(
                    Map.entry(UUID.class, "uuid"),
                    Map.entry(URI.class, "uri"),
                    Map.entry(Path.class, "path"),
                    Map.entry(Duration.class, "duration"),
                    Map.entry(Period.class, "period"),
                    Map.entry(Instant.class, "instant"),
                    Map.entry(LocalDate.class, "date"),
                    Map.entry(LocalTime.class, "local time"),
                    Map.entry(LocalDateTime.class, "local date and time"),
                    Map.entry(OffsetDateTime.class, "date-time"),
                    Map.entry(ZonedDateTime.class, "zoned date and time"),
                    Map.entry(YearMonth.class, "year and month"),
                    Map.entry(ZoneId.class, "zone"));

    private static final Map<Class<?>, Class<?>> PRIMITIVES =
            Map.of(
                    Boolean.class, boolean.class,
                    Byte.class, byte.class,
                    Short.class, short.class,
                    Integer.class, int.class,
                    Long.class, long.class,
                    Float.class, float.class,
                    Double.class, double.class,
                    Character.class, char.class);

    private final JsonMapper mapper;
    private final Set<Class<?>> open = new HashSet<>();

    TypeSchemas(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** What fits the type; empty: nothing in JSON does. */
    Optional<ObjectNode> of(Type type) {
        return of(type, 0);
    }

    /** What the type is written as, for people; empty: that is not known. */
    Optional<ObjectNode> ofResult(Type type) {
        return type == void.class ? Optional.of(typed("null")) : of(type, 0);
    }

    private Optional<ObjectNode> of(Type type, int depth) {
        if (depth > MOST_NESTED || type instanceof TypeVariable) {
            return Optional.of(anything());
        }
        if (type instanceof WildcardType wildcard) {
            return of(wildcard.getUpperBounds()[0], depth);
        }
        if (type instanceof GenericArrayType array) {
            return arrayOf(array.getGenericComponentType(), depth).map(this::nullable);
        }
        if (type instanceof ParameterizedType generic) {
            return object((Class<?>) generic.getRawType(), generic.getActualTypeArguments(), depth);
        }
        return object((Class<?>) type, new Type[0], depth);
    }

    private Optional<ObjectNode> object(Class<?> type, Type[] arguments, int depth) {
        if (type == Object.class) {
            return Optional.of(anything());
        }
        if (type.isPrimitive()) {
            return scalar(type);
        }
        if (type == Optional.class) {
            return of(argument(arguments, 0), depth).map(this::nullable);
        }
        return reference(type, arguments, depth).map(this::nullable);
    }

    private Optional<ObjectNode> reference(Class<?> type, Type[] arguments, int depth) {
        if (PRIMITIVES.containsKey(type)) {
            return scalar(PRIMITIVES.get(type));
        }
        if (type.isAssignableFrom(String.class)) {
            return Optional.of(typed("string"));
        }
        if (type == BigInteger.class) {
            return Optional.of(typed("integer"));
        }
        if (type == BigDecimal.class || type == Number.class) {
            return Optional.of(typed("number"));
        }
        if (WRITTEN.containsKey(type)) {
            return Optional.of(typed("string").put("format", WRITTEN.get(type)));
        }
        if (type == byte[].class) {
            ObjectNode either = mapper.createObjectNode();
            ArrayNode choices = either.putArray("anyOf");
            choices.add(typed("string").put("format", "byte"));
            arrayOf(byte.class, depth).ifPresent(choices::add);
            return Optional.of(either);
        }
        if (type.isArray()) {
            return arrayOf(type.getComponentType(), depth);
        }
        if (type.isEnum()) {
            ObjectNode constants = mapper.createObjectNode();
            ArrayNode names = constants.putArray("enum");
            for (Object constant : type.getEnumConstants()) {
                names.add(((Enum<?>) constant).name());
            }
            return Optional.of(constants);
        }
        if (type.isRecord()) {
            return recordOf(type, depth);
        }
        return collection(type, arguments, depth);
    }

    private Optional<ObjectNode> collection(Class<?> type, Type[] arguments, int depth) {
        if (Map.class.isAssignableFrom(type) && type.isAssignableFrom(LinkedHashMap.class)) {
            return of(argument(arguments, 1), depth + 1)
                    .map(values -> typed("object").<ObjectNode>set("additionalProperties", values));
        }
        boolean isCollection =
                Iterable.class.isAssignableFrom(type)
                        && (type.isAssignableFrom(ArrayList.class)
                                || type.isAssignableFrom(LinkedHashSet.class));
        return isCollection ? arrayOf(argument(arguments, 0), depth) : Optional.empty();
    }

    private static Type argument(Type[] arguments, int index) {
        return index < arguments.length ? arguments[index] : Object.class;
    }

    private Optional<ObjectNode> scalar(Class<?> primitive) {
        if (primitive == boolean.class) {
            return Optional.of(typed("boolean"));
        }
        if (primitive == char.class) {
            return Optional.of(typed("string").put("minLength", 1).put("maxLength", 1));
        }
        if (primitive == float.class || primitive == double.class) {
            return Optional.of(typed("number"));
        }
        if (primitive == byte.class) {
            return Optional.of(integer(Byte.MIN_VALUE, Byte.MAX_VALUE));
        }
        if (primitive == short.class) {
            return Optional.of(integer(Short.MIN_VALUE, Short.MAX_VALUE));
        }
        return Optional.of(
                primitive == int.class
                        ? integer(Integer.MIN_VALUE, Integer.MAX_VALUE)
                        : integer(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private ObjectNode integer(long least, long most) {
        return typed("integer").put("minimum", least).put("maximum", most);
    }

    private Optional<ObjectNode> arrayOf(Type element, int depth) {
        return of(element, depth + 1)
                .map(elements -> typed("array").<ObjectNode>set("items", elements));
    }

    /** What a record leaves out is null, which primitive components cannot be. */
    private Optional<ObjectNode> recordOf(Class<?> type, int depth) {
        ObjectNode schema = typed("object");
        if (!open.add(type)) {
            return Optional.of(schema);
        }
        ObjectNode properties = mapper.createObjectNode();
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Optional<ObjectNode> value = of(component.getGenericType(), depth + 1);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            properties.set(component.getName(), value.get());
            if (component.getType().isPrimitive()) {
                required.add(component.getName());
            }
        }
        open.remove(type);
        schema.set("properties", properties);
        ArrayNode names = schema.putArray("required");
        required.forEach(names::add);
        return Optional.of(schema.put("additionalProperties", false));
    }

    private ObjectNode anything() {
        return mapper.createObjectNode();
    }

    private ObjectNode typed(String type) {
        return mapper.createObjectNode().put("type", type);
    }

    /** The same or null, as references are. */
    private ObjectNode nullable(ObjectNode schema) {
        if (schema.has("anyOf")) {
            ((ArrayNode) schema.get("anyOf")).add(typed("null"));
        } else if (schema.has("enum")) {
            ((ArrayNode) schema.get("enum")).addNull();
        } else if (schema.has("type") && schema.get("type").isTextual()) {
            String type = schema.get("type").asText();
            schema.putArray("type").add(type).add("null");
        }
        return schema;
    }
}
