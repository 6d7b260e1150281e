package dev.athanor.runtime.json;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes what functions return: null, booleans, numbers, strings, enums by name, records by their
 * components, optionals, arrays, collections, maps; dates, times, UUIDs, URIs and paths as strings,
 * bytes in Base64.
 */
public final class JsonWriter {
    private final Writer out;

    private JsonWriter(Writer out) {
        this.out = out;
    }

    /**
     * Writes a value.
     *
     * @throws JsonException if it holds what has no form in JSON; the message says what and where
     * @throws IOException if the output refuses it
     */
    public static void write(@Nullable Object value, OutputStream out)
            throws JsonException, IOException {
        try (Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
            new JsonWriter(writer).value(value, "", 0);
        }
    }

    private void value(@Nullable Object value, String place, int depth)
            throws JsonException, IOException {
        if (depth > JsonReader.MAX_DEPTH) {
            throw new JsonException(
                    "it is nested more than " + JsonReader.MAX_DEPTH + " deep, or holds itself");
        }
        if (value == null || value instanceof Boolean) {
            out.write(String.valueOf(value));
        } else if (value instanceof Number number) {
            number(number, place);
        } else if (value instanceof Optional<?> optional) {
            value(optional.orElse(null), place, depth + 1);
        } else if (value instanceof Map<?, ?> map) {
            map(map, place, depth);
        } else if (value instanceof Record record) {
            record(record, place, depth);
        } else if (value instanceof byte[] bytes) {
            string(Base64.getEncoder().encodeToString(bytes));
        } else if (value.getClass().isArray()) {
            array(value, place, depth);
        } else if (value instanceof Iterable<?> all && !(value instanceof Path)) {
            all(all, place, depth);
        } else {
            string(text(value, place));
        }
    }

    private static String text(Object value, String place) throws JsonException {
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof CharSequence
                || value instanceof Character
                || value instanceof UUID
                || value instanceof URI
                || value instanceof Path
                || value.getClass().getPackageName().equals("java.time")) {
            return value.toString();
        }
        throw new JsonException(
                at(place)
                        + "an object of class "
                        + value.getClass().getName()
                        + " has no form in JSON: return records, maps, collections, strings or"
                        + " numbers");
    }

    private void number(Number number, String place) throws JsonException, IOException {
        String text = number.toString();
        double value = number.doubleValue();
        if ((number instanceof Double || number instanceof Float) && !Double.isFinite(value)) {
            throw new JsonException(at(place) + text + " has no form in JSON");
        }
        out.write(text);
    }

    private void map(Map<?, ?> map, String place, int depth) throws JsonException, IOException {
        char before = '{';
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object key = entry.getKey();
            if (key == null) {
                throw new JsonException(at(place) + "a map with null as a key has no form in JSON");
            }
            String name = key instanceof Number ? key.toString() : text(key, place);
            before = name(before, name);
            value(entry.getValue(), place + "." + name, depth + 1);
        }
        out.write(before == '{' ? "{}" : "}");
    }

    private void record(Record record, String place, int depth) throws JsonException, IOException {
        char before = '{';
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            before = name(before, component.getName());
            value(
                    get(record, component.getAccessor(), place),
                    place + "." + component.getName(),
                    depth + 1);
        }
        out.write(before == '{' ? "{}" : "}");
    }

    private static @Nullable Object get(Record record, Method accessor, String place)
            throws JsonException {
        try {
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (InvocationTargetException e) {
            throw new JsonException(at(place) + accessor.getName() + "() threw " + e.getCause(), e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new JsonException(
                    at(place) + accessor.getName() + "() cannot be called: " + e, e);
        }
    }

    private char name(char before, String name) throws IOException {
        out.write(before);
        string(name);
        out.write(':');
        return ',';
    }

    private void array(Object array, String place, int depth) throws JsonException, IOException {
        out.write('[');
        for (int i = 0; i < Array.getLength(array); i++) {
            out.write(i == 0 ? "" : ",");
            value(Array.get(array, i), place + "[" + i + "]", depth + 1);
        }
        out.write(']');
    }

    private void all(Iterable<?> values, String place, int depth)
            throws JsonException, IOException {
        int i = 0;
        out.write('[');
        for (Object each : values) {
            out.write(i == 0 ? "" : ",");
            value(each, place + "[" + i + "]", depth + 1);
            i++;
        }
        out.write(']');
    }

    private void string(String text) throws IOException {
        out.write('"');
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            switch (each) {
                case '"', '\\' -> {
                    out.write('\\');
                    out.write(each);
                }
                case '\n' -> out.write("\\n");
                case '\r' -> out.write("\\r");
                case '\t' -> out.write("\\t");
                default -> {
                    // A surrogate without its other half has no form in UTF-8.
                    if (each < ' ' || isLone(text, i)) {
                        out.write(String.format(Locale.ROOT, "\\u%04x", (int) each));
                    } else {
                        out.write(each);
                    }
                }
            }
        }
        out.write('"');
    }

    private static boolean isLone(String text, int i) {
        char each = text.charAt(i);
        if (Character.isHighSurrogate(each)) {
            return i + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(each)
                && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    private static String at(String place) {
        return place.isEmpty() ? "" : "at " + place + ": ";
    }
}
