package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.queue.QueueStatus;
import org.jspecify.annotations.Nullable;

/**
 * A machine type's queue.
 *
 * @param agents how many live agents take its calls
 * @param slots how many calls these run at once
 * @param leaving how many live agents take no more of its calls
 * @param waiting how many calls no agent has taken over yet
 */
record QueueAnswer(
        String machineType,
        @Nullable SizeAnswer size,
        int agents,
        int slots,
        int leaving,
        long waiting) {
    static QueueAnswer of(QueueStatus queue) {
        return new QueueAnswer(
                queue.machineType().getName(),
                SizeAnswer.of(queue.machineType().getSize()),
                queue.machineType().getAgents(),
                queue.machineType().getSlots(),
                queue.machineType().getLeaving(),
                queue.waiting());
    }
}
