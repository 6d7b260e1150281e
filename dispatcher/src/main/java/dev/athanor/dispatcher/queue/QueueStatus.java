package dev.athanor.dispatcher.queue;

import dev.athanor.schemas.MachineTypeStatus;

/**
 * A machine type's queue.
 *
 * @param machineType who serves it
 * @param waiting how many calls no agent has taken over yet
 */
public record QueueStatus(MachineTypeStatus machineType, long waiting) {}
