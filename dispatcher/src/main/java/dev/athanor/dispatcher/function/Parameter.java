package dev.athanor.dispatcher.function;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A parameter as a function declares it.
 *
 * @param name left out where it is not known
 * @param kind how it is given
 * @param isRequired whether a call without it is refused
 * @param schema what values fit, in the part of JSON Schema that {@link ValueSchema} knows
 */
public record Parameter(
        @Nullable String name,
        Kind kind,
        @JsonProperty("required") boolean isRequired,
        JsonNode schema) {
    private static final int LONGEST_NAME = 255;

    /** How a parameter is given. */
    public enum Kind {
        /** By position, or by name. */
        ANY,
        POSITIONAL_ONLY,
        NAMED_ONLY,
        /** All that are given by position beyond the others; its schema is that of each. */
        MORE_POSITIONAL,
        /** All that are given by names that no other has; its schema is that of each. */
        MORE_NAMED
    }

    public Parameter {
        kind = kind == null ? Kind.ANY : kind;
        if (name != null && (name.isEmpty() || name.length() > LONGEST_NAME)) {
            throw new IllegalArgumentException(
                    "a parameter's name has 1 to %d characters".formatted(LONGEST_NAME));
        }
        if (schema == null) {
            throw new IllegalArgumentException("a parameter has no schema");
        }
        ValueSchema.check(schema);
    }

    /** Names it in messages. */
    String place(int index) {
        return "parameter " + (name == null ? String.valueOf(index + 1) : '"' + name + '"');
    }

    /** What it is called in a list of all. */
    String shown() {
        return name == null ? ValueSchema.describe(schema) : name;
    }
}
