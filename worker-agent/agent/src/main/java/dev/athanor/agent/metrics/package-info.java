/** The agent's meters and the HTTP endpoint that shows them. */
@NullMarked
package dev.athanor.agent.metrics;

import org.jspecify.annotations.NullMarked;
