package dev.athanor.loadtests.guarantee;

import java.time.Instant;
import java.util.Optional;

/**
 * One run of a call's function, as the function itself noted it.
 *
 * @param agent whose sandbox it ran in
 * @param start when the function was called
 * @param end when it returned; empty where it never did
 */
record Execution(String agent, Instant start, Optional<Instant> end) {}
