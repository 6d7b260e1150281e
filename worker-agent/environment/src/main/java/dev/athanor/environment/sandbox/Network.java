package dev.athanor.environment.sandbox;

/** What a sandbox may reach. */
public enum Network {
    /** What lies outside: not the machine that it runs on, nor the cluster. */
    OUTBOUND,
    /** Nothing but itself. */
    NONE
}
