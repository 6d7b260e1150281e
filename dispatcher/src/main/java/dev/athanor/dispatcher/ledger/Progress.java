package dev.athanor.dispatcher.ledger;

import org.apache.kafka.common.TopicPartition;

/**
 * What was read of one partition.
 *
 * @param from where the reading began: what the database must still say
 * @param to the offset after the last record read
 */
record Progress(TopicPartition partition, long from, long to) {}
