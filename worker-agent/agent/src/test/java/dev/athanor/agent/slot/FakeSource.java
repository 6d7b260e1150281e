package dev.athanor.agent.slot;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Notes what is done with the records, in order. */
final class FakeSource implements InvocationSource {
    final List<String> events;

    FakeSource(List<String> events) {
        this.events = events;
    }

    FakeSource() {
        this(new ArrayList<>());
    }

    @Override
    public List<ConsumerRecord<byte[], byte[]>> take(boolean wide) {
        return List.of();
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record) {
        events.add("accept " + record.offset());
    }

    @Override
    public void release(ConsumerRecord<byte[], byte[]> record) {
        events.add("release " + record.offset());
    }

    @Override
    public void commit() {
        events.add("commit");
    }

    @Override
    public void wakeup() {}

    @Override
    public void close() {}
}
