package dev.athanor.environment.sandbox;

import java.util.Map;
import java.util.TreeSet;

/**
 * Environment variables that nobody but the sandbox is to see; their values are in no text made of
 * this.
 *
 * @param values by name
 */
public record SecretValues(Map<String, String> values) {

    /** No secrets. */
    public static final SecretValues NONE = new SecretValues(Map.of());

    /** Copies the map. */
    public SecretValues {
        values = Map.copyOf(values);
    }

    /** The names. */
    @Override
    public String toString() {
        return "secrets " + new TreeSet<>(values.keySet());
    }
}
