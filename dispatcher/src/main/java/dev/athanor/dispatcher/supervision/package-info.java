/**
 * Supervision: what belonged to an agent that died, froze or was cut off is run again elsewhere.
 * Needs Kafka only.
 */
@NullMarked
package dev.athanor.dispatcher.supervision;

import org.jspecify.annotations.NullMarked;
