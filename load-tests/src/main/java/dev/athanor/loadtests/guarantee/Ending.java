package dev.athanor.loadtests.guarantee;

import dev.athanor.schemas.Outcome;
import java.time.Instant;

/**
 * An outcome as the caller was told it.
 *
 * @param outcome UNKNOWN where it was none that the cluster gave, or not the call's own result
 * @param detail for people
 */
record Ending(Outcome outcome, Instant at, String detail) {}
