package dev.athanor.loadtests.guarantee;

import dev.athanor.schemas.Outcome;
import java.time.Instant;

/**
 * A reply as it lies in the reply topic.
 *
 * @param agent that wrote it
 */
record SentReply(String agent, Outcome outcome, Instant at) {}
