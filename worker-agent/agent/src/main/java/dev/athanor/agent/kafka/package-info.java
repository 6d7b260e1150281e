/** What the agent writes to Kafka, and the settings of its clients. */
@NullMarked
package dev.athanor.agent.kafka;

import org.jspecify.annotations.NullMarked;
