package dev.athanor.runtime.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes Java values of JSON, by declared types: what {@link JsonScalars} makes of strings, numbers
 * and booleans, enums, optionals, arrays, lists, sets, maps, and records by their components.
 */
final class JsonBinder {
    /** What the type variables of records stand for, where they are bound. */
    private final Map<TypeVariable<?>, Type> variables;

    JsonBinder() {
        this(Map.of());
    }

    private JsonBinder(Map<TypeVariable<?>, Type> variables) {
        this.variables = variables;
    }

    /**
     * Makes a value of that type.
     *
     * @param json as {@link JsonReader} reads it
     * @param place names it in messages
     */
    @Nullable Object bind(@Nullable Object json, Type type, String place) throws JsonException {
        if (type instanceof TypeVariable<?> variable) {
            Type bound = variables.get(variable);
            return bind(json, bound == null ? variable.getBounds()[0] : bound, place);
        }
        if (type instanceof WildcardType wildcard) {
            return bind(json, wildcard.getUpperBounds()[0], place);
        }
        if (type instanceof GenericArrayType array) {
            return array(json, array.getGenericComponentType(), place);
        }
        if (type instanceof ParameterizedType generic) {
            return object(json, (Class<?>) generic.getRawType(), generic, place);
        }
        return object(json, (Class<?>) type, null, place);
    }

    private @Nullable Object object(
            @Nullable Object json, Class<?> type, @Nullable ParameterizedType generic, String place)
            throws JsonException {
        if (type == Optional.class) {
            return json == null
                    ? Optional.empty()
                    : Optional.ofNullable(bind(json, argument(generic, 0), place));
        }
        if (json == null) {
            if (type.isPrimitive()) {
                throw new JsonException(place + ": expected " + name(type) + ", got null");
            }
            return null;
        }
        if (type.isArray()) {
            return array(json, type.getComponentType(), place);
        }
        if (type.isRecord()) {
            return record(json, type, generic, place);
        }
        if (type.isEnum()) {
            return constant(json, type, place);
        }
        if (Map.class.isAssignableFrom(type) && type.isAssignableFrom(LinkedHashMap.class)) {
            return map(json, argument(generic, 0), argument(generic, 1), place);
        }
        if (Iterable.class.isAssignableFrom(type) && type.isAssignableFrom(ArrayList.class)) {
            return fill(new ArrayList<>(), json, argument(generic, 0), place);
        }
        if (Iterable.class.isAssignableFrom(type) && type.isAssignableFrom(LinkedHashSet.class)) {
            return fill(new LinkedHashSet<>(), json, argument(generic, 0), place);
        }
        return JsonScalars.bind(json, type, place);
    }

    private static Type argument(@Nullable ParameterizedType generic, int index) {
        return generic == null ? Object.class : generic.getActualTypeArguments()[index];
    }

    private Object array(@Nullable Object json, Type component, String place) throws JsonException {
        if (component == byte.class && json instanceof String text) {
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw new JsonException(place + ": expected Base64, got what is none", e);
            }
        }
        List<?> values = elements(json, place);
        Object array = Array.newInstance(erased(component), values.size());
        for (int i = 0; i < values.size(); i++) {
            Array.set(array, i, bind(values.get(i), component, place + "[" + i + "]"));
        }
        return array;
    }

    private Class<?> erased(Type type) {
        if (type instanceof Class<?> known) {
            return known;
        }
        if (type instanceof ParameterizedType generic) {
            return (Class<?>) generic.getRawType();
        }
        if (type instanceof GenericArrayType array) {
            return erased(array.getGenericComponentType()).arrayType();
        }
        if (type instanceof TypeVariable<?> variable) {
            // The array is of the declared bound, whatever its elements are.
            return erased(variable.getBounds()[0]);
        }
        return Object.class;
    }

    private static List<?> elements(@Nullable Object json, String place) throws JsonException {
        if (json instanceof List<?> values) {
            return values;
        }
        throw new JsonException(place + ": expected an array, got " + JsonScalars.shown(json));
    }

    private Collection<@Nullable Object> fill(
            Collection<@Nullable Object> target, Object json, Type element, String place)
            throws JsonException {
        int i = 0;
        for (Object each : elements(json, place)) {
            target.add(bind(each, element, place + "[" + i + "]"));
            i++;
        }
        return target;
    }

    private static Map<?, ?> properties(Object json, String place) throws JsonException {
        if (json instanceof Map<?, ?> properties) {
            return properties;
        }
        throw new JsonException(place + ": expected an object, got " + JsonScalars.shown(json));
    }

    private Map<@Nullable Object, @Nullable Object> map(
            Object json, Type key, Type value, String place) throws JsonException {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : properties(json, place).entrySet()) {
            String name = (String) entry.getKey();
            map.put(key(name, key, place), bind(entry.getValue(), value, place + "." + name));
        }
        return map;
    }

    /** Names are strings in JSON, whatever they stand for. */
    private @Nullable Object key(String name, Type type, String place) throws JsonException {
        String where = place + ", key \"" + name + "\"";
        boolean isNumber = Number.class.isAssignableFrom(erased(type));
        return bind(isNumber ? JsonReader.read(name.getBytes(UTF_8)) : name, type, where);
    }

    private static Object constant(Object json, Class<?> type, String place) throws JsonException {
        Object[] constants = type.getEnumConstants();
        for (Object constant : constants) {
            if (((Enum<?>) constant).name().equals(json)) {
                return constant;
            }
        }
        throw new JsonException(
                place
                        + ": expected one of "
                        + Arrays.stream(constants).map(each -> ((Enum<?>) each).name()).toList()
                        + ", got "
                        + JsonScalars.shown(json));
    }

    private Object record(
            Object json, Class<?> type, @Nullable ParameterizedType generic, String place)
            throws JsonException {
        Map<String, Object> left = new LinkedHashMap<>();
        properties(json, place).forEach((name, value) -> left.put((String) name, value));
        JsonBinder own = generic == null ? new JsonBinder() : of(type, generic);
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            types[i] = components[i].getType();
            if (types[i].isPrimitive() && !left.containsKey(name)) {
                throw new JsonException(place + "." + name + " is missing");
            }
            values[i] =
                    own.bind(left.remove(name), components[i].getGenericType(), place + "." + name);
        }
        if (!left.isEmpty()) {
            throw new JsonException(
                    place
                            + ": there is no "
                            + left.keySet()
                            + " in "
                            + type.getSimpleName()
                            + ", but "
                            + Arrays.stream(components).map(RecordComponent::getName).toList());
        }
        return make(type, types, values, place);
    }

    private JsonBinder of(Class<?> type, ParameterizedType generic) {
        Map<TypeVariable<?>, Type> bound = new HashMap<>();
        TypeVariable<?>[] parameters = type.getTypeParameters();
        for (int i = 0; i < parameters.length; i++) {
            Type argument = generic.getActualTypeArguments()[i];
            bound.put(parameters[i], variables.getOrDefault(argument, argument));
        }
        return new JsonBinder(bound);
    }

    private static Object make(
            Class<?> type, Class<?>[] types, @Nullable Object[] values, String place)
            throws JsonException {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new JsonException(
                    place + ": " + type.getSimpleName() + " refuses it: " + e.getCause(), e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new JsonException(
                    place + ": " + type.getSimpleName() + " cannot be made: " + e, e);
        }
    }

    private static String name(Class<?> type) {
        return type.getSimpleName();
    }
}
