package dev.athanor.environment.isolation;

import java.util.Locale;

/** How sandboxes are kept apart; {@code docs/isolation.md} says what each guarantees. */
public enum Isolation {
    /** The best that works on this machine. */
    AUTO,
    /** Namespaces of the sandbox's own, without rights. Linux with bubblewrap. */
    BUBBLEWRAP,
    /** Processes of the agent's own user. Anywhere. */
    PROCESS;

    /** As operators write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
