package dev.athanor.environment.isolation;

import java.util.Arrays;
import java.util.Locale;

/** How sandboxes are kept apart; {@code docs/isolation.md} says what each guarantees. */
public enum Isolation {
    /** The best that works on this machine. */
    AUTO,
    /** Namespaces of the sandbox's own, without rights. Linux with bubblewrap. */
    BUBBLEWRAP,
    /** Containers of a Docker engine on the same machine. */
    DOCKER,
    /** Processes of the agent's own user. Anywhere. */
    PROCESS;

    /**
     * The one of that name.
     *
     * @param name as {@link #toString} writes it, in any case
     * @throws IllegalArgumentException if there is none
     */
    public static Isolation named(String name) {
        for (Isolation each : values()) {
            if (each.name().equals(name.toUpperCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                "isolation '%s' is none of %s".formatted(name, Arrays.toString(values())));
    }

    /** As operators write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
