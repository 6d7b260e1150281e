package dev.athanor.api.internal.local;

import java.time.Duration;

/**
 * How long each part of a call may take.
 *
 * @param queue its wait for a turn
 * @param build of its environment
 * @param start of its sandbox
 * @param execution of its function
 */
record LocalLimits(Duration queue, Duration build, Duration start, Duration execution) {}
