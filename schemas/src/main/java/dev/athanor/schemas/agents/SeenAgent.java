package dev.athanor.schemas.agents;

import dev.athanor.schemas.AgentStatus;

/**
 * An agent's last heartbeat.
 *
 * @param seenAtNanos when this process read it, by its own ticker
 */
public record SeenAgent(AgentStatus status, long seenAtNanos) {}
