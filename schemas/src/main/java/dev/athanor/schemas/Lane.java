package dev.athanor.schemas;

import java.util.Optional;

/**
 * An agent's own queue of a machine type: calls go there straight to the agent's hot sandboxes.
 *
 * @param agent whose it is
 */
public record Lane(String agent, String machineType) {
    /**
     * Refuses what cannot be part of a topic's name.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public Lane {
        Topics.lane(agent, machineType);
    }

    /** The lane of that name, where it is the name of one. */
    public static Optional<Lane> ofTopic(String topic) {
        int dot = topic.lastIndexOf('.');
        if (!topic.startsWith(Topics.LANE_PREFIX) || dot < Topics.LANE_PREFIX.length()) {
            return Optional.empty();
        }
        return of(topic.substring(Topics.LANE_PREFIX.length(), dot), topic.substring(dot + 1));
    }

    /** The lane of an agent that somebody else names; empty when the name can be none. */
    public static Optional<Lane> of(String agent, String machineType) {
        return Topics.isName(agent) && Topics.isName(machineType)
                ? Optional.of(new Lane(agent, machineType))
                : Optional.empty();
    }

    /** Its topic. */
    public String topic() {
        return Topics.lane(agent, machineType);
    }

    /** The share group of its consumers. */
    public String group() {
        return Topics.laneGroup(agent, machineType);
    }
}
