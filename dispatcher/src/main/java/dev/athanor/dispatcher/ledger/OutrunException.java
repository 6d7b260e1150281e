package dev.athanor.dispatcher.ledger;

import org.apache.kafka.common.TopicPartition;

/** Another dispatcher has read further: the partition is, or was, its own. */
final class OutrunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutrunException(TopicPartition partition) {
        super("another dispatcher has read on in " + partition);
    }
}
