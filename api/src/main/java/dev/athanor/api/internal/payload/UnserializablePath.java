package dev.athanor.api.internal.payload;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds, for a message, the object behind a value that keeps it from being serialized. */
final class UnserializablePath {
    /** A search for a message must not take long. */
    private static final int MOST_VISITS = 100_000;

    private record Step(@Nullable Step parent, String name, Object value) {
        String path() {
            Deque<String> names = new ArrayDeque<>();
            for (Step step = this; step != null; step = step.parent()) {
                names.push(step.name());
            }
            return String.join("", names);
        }
    }

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Step> open = new ArrayDeque<>();

    private UnserializablePath() {}

    /** Names the nearest such object, as in {@code argument 1.customer (com.acme.Customer)}. */
    static Optional<String> find(String name, @Nullable Object value) {
        UnserializablePath search = new UnserializablePath();
        search.add(null, name, value);
        return search.run();
    }

    private Optional<String> run() {
        while (!open.isEmpty() && seen.size() < MOST_VISITS) {
            Step step = open.remove();
            if (!(step.value() instanceof Serializable)) {
                return Optional.of(
                        "%s (%s)".formatted(step.path(), step.value().getClass().getName()));
            }
            expand(step);
        }
        return Optional.empty();
    }

    private void add(@Nullable Step parent, String name, @Nullable Object value) {
        if (value != null && seen.add(value)) {
            open.add(new Step(parent, name, value));
        }
    }

    private void expand(Step step) {
        Object value = step.value();
        if (value instanceof Object[] array) {
            for (int i = 0; i < Array.getLength(array); i++) {
                add(step, "[" + i + "]", array[i]);
            }
        } else if (value instanceof Collection<?> collection) {
            int i = 0;
            for (Object element : collection) {
                add(step, "[" + i++ + "]", element);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                add(step, ".key", entry.getKey());
                add(step, "[" + entry.getKey() + "]", entry.getValue());
            }
        } else if (!(value instanceof Externalizable)) {
            expandFields(step);
        }
    }

    private void expandFields(Step step) {
        for (Class<?> type = step.value().getClass();
                type != null && Serializable.class.isAssignableFrom(type);
                type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (!Modifier.isStatic(modifiers)
                        && !Modifier.isTransient(modifiers)
                        && !field.getType().isPrimitive()
                        && field.trySetAccessible()) {
                    add(step, "." + field.getName(), read(field, step.value()));
                }
            }
        }
    }

    private static @Nullable Object read(Field field, Object owner) {
        try {
            return field.get(owner);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("made accessible before", e);
        }
    }
}
