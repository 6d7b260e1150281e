package dev.athanor.loadtests.guarantee;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of one call.
 *
 * @param index which of the run's calls it is, from 0
 * @param sentAt when it was handed to the client
 * @param deadline by when it had to start; empty: whenever
 * @param endings what the caller was told
 * @param executions in the order of their starts
 * @param replies in the order of the reply topic
 * @param redeliveries when agents found that another one had held it and let it go
 * @param trail what lies in the other topics about it, for people
 */
record CallHistory(
        int index,
        Instant sentAt,
        Optional<Instant> deadline,
        List<Ending> endings,
        List<Execution> executions,
        List<SentReply> replies,
        List<Instant> redeliveries,
        List<String> trail) {
    CallHistory {
        endings = List.copyOf(endings);
        executions = List.copyOf(executions);
        replies = List.copyOf(replies);
        redeliveries = List.copyOf(redeliveries);
        trail = List.copyOf(trail);
    }
}
