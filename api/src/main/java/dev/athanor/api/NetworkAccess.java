package dev.athanor.api;

/** What a function may reach, see {@link Athanor#network}. */
public enum NetworkAccess {
    /** What lies outside of its machine and its cluster. */
    OUTBOUND,
    /** Nothing. */
    NONE;

    boolean outbound() {
        return this == OUTBOUND;
    }
}
