/** Heartbeats, and what an agent does when it cannot send them. Knows no slots. */
@NullMarked
package dev.athanor.agent.life;

import org.jspecify.annotations.NullMarked;
