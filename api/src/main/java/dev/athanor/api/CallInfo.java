package dev.athanor.api;

import java.time.Duration;

/**
 * How a call went; see {@link Athanor#onEnd}.
 *
 * @param correlationId names the call in logs and dead letters
 * @param succeeded whether the function returned
 * @param attempts how often the function was called: more than once when agents died
 * @param agent that ended it
 * @param hot whether its sandbox had served before
 * @param queued how long it waited for an agent, by two machines' clocks
 * @param build how long its environment took
 * @param start how long its sandbox took to start
 * @param run how long its function ran
 */
public record CallInfo(
        String correlationId,
        boolean succeeded,
        int attempts,
        String agent,
        boolean hot,
        Duration queued,
        Duration build,
        Duration start,
        Duration run) {}
