package dev.athanor.runtime.json;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arguments of a call: an array by position, or an object by name. */
public final class JsonArguments {
    private JsonArguments() {}

    /**
     * Makes the arguments of a call.
     *
     * @param bytes JSON
     * @param parameters what the function declares
     * @throws JsonException if they do not fit; the message names the parameter
     */
    public static @Nullable Object[] read(byte[] bytes, List<JsonParameter> parameters)
            throws JsonException {
        Object json = JsonReader.read(bytes);
        List<@Nullable Object> values;
        if (json instanceof List<?> byPosition) {
            values = byPosition(byPosition, parameters);
        } else if (json instanceof Map<?, ?> byName) {
            values = byName(byName, parameters);
        } else {
            throw new JsonException(
                    "arguments are an array, or an object by the names of parameters; got "
                            + JsonScalars.shown(json));
        }
        @Nullable Object[] arguments = new Object[parameters.size()];
        JsonBinder binder = new JsonBinder();
        for (int i = 0; i < arguments.length; i++) {
            JsonParameter parameter = parameters.get(i);
            arguments[i] = binder.bind(values.get(i), parameter.type(), parameter.place(i));
        }
        return arguments;
    }

    /**
     * Makes one value.
     *
     * @param bytes JSON
     * @param place names it in messages
     * @throws JsonException if it does not fit the type
     */
    public static @Nullable Object value(byte[] bytes, Type type, String place)
            throws JsonException {
        return new JsonBinder().bind(JsonReader.read(bytes), type, place);
    }

    private static List<@Nullable Object> byPosition(List<?> values, List<JsonParameter> parameters)
            throws JsonException {
        if (values.size() != parameters.size()) {
            throw new JsonException(
                    "the function takes "
                            + (parameters.size() == 1
                                    ? "1 argument"
                                    : parameters.size() + " arguments")
                            + names(parameters)
                            + ", got "
                            + values.size());
        }
        return new ArrayList<>(values);
    }

    private static List<@Nullable Object> byName(Map<?, ?> given, List<JsonParameter> parameters)
            throws JsonException {
        Map<Object, @Nullable Object> left = new LinkedHashMap<>(given);
        List<@Nullable Object> values = new ArrayList<>();
        for (JsonParameter parameter : parameters) {
            String name = parameter.name();
            if (name == null) {
                throw new JsonException(
                        "the names of its parameters are not known: give the arguments as an"
                                + " array, or compile the class with -parameters");
            }
            if (!left.containsKey(name) && !parameter.isOptional()) {
                throw new JsonException("parameter \"" + name + "\" is missing");
            }
            values.add(left.remove(name));
        }
        if (!left.isEmpty()) {
            throw new JsonException(
                    "the function has no parameter "
                            + left.keySet()
                            + (parameters.isEmpty()
                                    ? ", nor any other"
                                    : ", but" + names(parameters)));
        }
        return values;
    }

    private static String names(List<JsonParameter> parameters) {
        List<String> names = new ArrayList<>();
        for (JsonParameter parameter : parameters) {
            names.add(parameter.shown());
        }
        return names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
    }
}
