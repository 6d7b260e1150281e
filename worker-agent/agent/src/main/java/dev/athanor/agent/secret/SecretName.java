package dev.athanor.agent.secret;

import dev.athanor.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A tenant's name for a secret, which is that of an environment variable.
 *
 * @param tenant whose it is
 * @param name of 1 to 128 letters, digits and '_', and none that shapes a process
 */
public record SecretName(String tenant, String name) {
    private static final Pattern LEGAL =
            Pattern.compile(
                    "(?!(PATH|HOME|TMPDIR|LANG|TZ|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS)$"
                            + "|LD_)[A-Za-z_][A-Za-z0-9_]{0,127}");

    public SecretName {
        if (!Topics.isName(tenant)) {
            throw new IllegalArgumentException(
                    "tenant '%s' is not 1 to 64 letters, digits, '-' or '_'".formatted(tenant));
        }
        if (!LEGAL.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    ("secret '%s' cannot be named so: 1 to 128 letters, digits and '_', the first"
                                    + " no digit, and none that shapes the process itself, as PATH,"
                                    + " LD_… and JAVA_TOOL_OPTIONS do")
                            .formatted(name));
        }
    }

    /** The key of its record. */
    byte[] key() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Binds a ciphertext to it: neither part has a slash. */
    byte[] context() {
        return ("athanor secret " + this).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return tenant + "/" + name;
    }
}
