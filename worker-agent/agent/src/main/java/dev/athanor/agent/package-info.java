/**
 * The worker agent: takes invocations of its machine types from Kafka, runs them in sandboxes and
 * replies. {@link dev.athanor.agent.Agent} is its composition root.
 */
@NullMarked
package dev.athanor.agent;

import org.jspecify.annotations.NullMarked;
