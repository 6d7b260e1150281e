package dev.athanor.agent.slot;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where a slot takes its records from. Confined to the slot's thread but for {@link #wakeup}. */
interface InvocationSource extends AutoCloseable {
    /**
     * Takes what is there, waiting a few seconds at most.
     *
     * @param wide whether to take many records or one
     */
    List<ConsumerRecord<byte[], byte[]>> take(boolean wide);

    /** Marks a taken record as done; sent with the next take, or by {@link #commit}. */
    void accept(ConsumerRecord<byte[], byte[]> record);

    /** Gives a taken record back to the queue, which counts as a delivery. */
    void release(ConsumerRecord<byte[], byte[]> record);

    /** Sends what was accepted or released, and waits until the broker has it. */
    void commit();

    /** Ends a take that waits, from any thread. */
    void wakeup();

    @Override
    void close();
}
