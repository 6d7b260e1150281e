package dev.athanor.environment.build;

import java.util.regex.Pattern;

/**
 * Names an environment by its content.
 *
 * @param hex SHA-256 of the definition, 64 lower-case hexadecimal digits
 */
public record EnvironmentKey(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");
    private static final int ABBREVIATED = 12;

    public EnvironmentKey {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "environment key \"" + hex + "\" is not 64 lower-case hexadecimal digits");
        }
    }

    /** Returns the first 12 digits, for people. */
    public String abbreviated() {
        return hex.substring(0, ABBREVIATED);
    }

    @Override
    public String toString() {
        return hex;
    }
}
