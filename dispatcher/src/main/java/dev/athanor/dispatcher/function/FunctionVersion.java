package dev.athanor.dispatcher.function;

import java.time.Instant;

/**
 * A version of a function; it never changes, and its number is never given again.
 *
 * @param version from 1
 * @param current the version that is called where none is named
 * @param createdAt by the clock of the dispatcher that it was sent to
 */
public record FunctionVersion(
        String name, int version, int current, Instant createdAt, Deployment deployment) {}
