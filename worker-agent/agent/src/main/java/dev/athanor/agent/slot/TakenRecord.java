package dev.athanor.agent.slot;

import dev.athanor.agent.call.Delivery;
import dev.athanor.schemas.attempt.Attempts;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A taken record and the invocation in it. */
record TakenRecord(ConsumerRecord<byte[], byte[]> record, Delivery delivery) {
    private static final short FIRST_DELIVERY = 1;

    /** Whether an agent that took it before died, so that it may have run. */
    boolean isRedelivered() {
        return record.deliveryCount().orElse(FIRST_DELIVERY) > FIRST_DELIVERY;
    }

    /** Whether an agent was lost with it before, so that it may be what ends agents. */
    boolean isSuspect() {
        return Attempts.lost(delivery.envelope()) > 0
                || delivery.envelope().getLossesBeforeStart() > 0;
    }
}
