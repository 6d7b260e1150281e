package dev.athanor.agent.slot;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one poll, on their way to being acknowledged: each is accepted only when what
 * replaces it is durable, and given back where that fails. Confined to its slot's thread.
 */
final class Taken {
    private static final Logger LOG = LoggerFactory.getLogger(Taken.class);

    private record Done(ConsumerRecord<byte[], byte[]> record, CompletableFuture<?> durable) {}

    private final InvocationSource source;
    private final Set<ConsumerRecord<byte[], byte[]>> open;
    private List<Done> done = new ArrayList<>();

    Taken(InvocationSource source, List<ConsumerRecord<byte[], byte[]>> records) {
        this.source = source;
        this.open = new LinkedHashSet<>(records);
    }

    /** Notes that the record may be accepted once the future has completed. */
    void done(ConsumerRecord<byte[], byte[]> record, CompletableFuture<?> durable) {
        done.add(new Done(record, durable));
    }

    /** Waits for what was noted, and accepts or releases it. */
    void acceptDurable() throws InterruptedException {
        List<Done> noted = done;
        done = new ArrayList<>();
        for (Done each : noted) {
            boolean isDurable = isDurable(each.durable());
            open.remove(each.record());
            if (isDurable) {
                source.accept(each.record());
            } else {
                source.release(each.record());
            }
        }
    }

    /** Waits for a record of ours; false, and a line in the log, when Kafka refused it. */
    boolean isDurable(CompletableFuture<?> durable) throws InterruptedException {
        try {
            durable.get();
            return true;
        } catch (ExecutionException e) {
            LOG.warn("a record was not written", e.getCause());
            return false;
        }
    }

    void commit() {
        source.commit();
    }

    /** Gives back what was neither accepted nor released. */
    void releaseRest() {
        open.forEach(source::release);
        open.clear();
    }
}
