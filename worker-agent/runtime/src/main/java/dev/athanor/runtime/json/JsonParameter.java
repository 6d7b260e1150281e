package dev.athanor.runtime.json;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parameter as its method declares it.
 *
 * @param name null where the class file does not say
 * @param type with its type arguments, where the class file says
 */
public record JsonParameter(@Nullable String name, Type type) {
    /** Names it in messages. */
    String place(int index) {
        return "parameter " + (name == null ? index + 1 : "\"" + name + "\"");
    }

    /** Type and name, for a list of all. */
    String shown() {
        String shown = type instanceof Class<?> known ? known.getSimpleName() : type.getTypeName();
        return name == null ? shown : shown + " " + name;
    }

    /** Whether it may be left out where arguments go by name. */
    boolean isOptional() {
        Type raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
        return raw == Optional.class;
    }
}
