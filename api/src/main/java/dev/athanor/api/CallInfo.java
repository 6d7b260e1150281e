package dev.athanor.api;

import java.time.Duration;
import java.util.List;

/**
 * How a call went; see {@link Athanor#onEnd}.
 *
 * @param correlationId names the call in logs and dead letters
 * @param succeeded whether the function returned
 * @param attempts how often the function was called: more than once when agents died, or where it
 *     needed a larger machine type
 * @param agent that ended it
 * @param hot whether its sandbox had served before
 * @param queued how long it waited for an agent, by two machines' clocks
 * @param build how long its environment took
 * @param start how long its sandbox took to start
 * @param run how long its function ran
 * @param escalatedFrom machine types that it ran out of memory on before, oldest first; see {@link
 *     Athanor#escalate()}
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
        Duration run,
        List<String> escalatedFrom) {
    public CallInfo {
        escalatedFrom = List.copyOf(escalatedFrom);
    }
}
