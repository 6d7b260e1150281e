package dev.athanor.api.internal.cluster;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads the reply topic, and beside it what is told of machine types, on a thread of its own, to
 * which the consumer belongs from the start on.
 *
 * <p>INVARIANT: the consumer's position is resolved before this starts, and this starts before the
 * first invocation is produced, so that no reply is missed.
 */
final class ReplyLoop implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final ServedTypes served;
    private final ReplyListener listener;
    private final Queue<Runnable> questions = new ConcurrentLinkedQueue<>();
    private final LongAdder skipped = new LongAdder();
    private final Thread thread;
    private volatile boolean closed;

    ReplyLoop(Subscription replies, ReplyListener listener) {
        this.consumer = replies.consumer();
        this.served = replies.served();
        this.listener = listener;
        this.thread = new Thread(this::run, "athanor-replies");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Names of the topics that there are now. */
    CompletableFuture<Set<String>> topics() {
        CompletableFuture<Set<String>> answer = new CompletableFuture<>();
        questions.add(() -> list(answer));
        consumer.wakeup();
        return answer;
    }

    private void list(CompletableFuture<Set<String>> answer) {
        try {
            answer.complete(Set.copyOf(consumer.listTopics().keySet()));
        } catch (WakeupException e) {
            // A wake-up that came too late for poll: the question is asked again after the next.
            questions.add(() -> list(answer));
        } catch (KafkaException e) {
            answer.completeExceptionally(e);
        }
    }

    /** Records that were none of ours, or damaged. */
    long skipped() {
        return skipped.sum();
    }

    private void run() {
        try {
            while (!closed) {
                poll();
            }
        } catch (RuntimeException | Error e) {
            listener.failed(e instanceof Exception failure ? failure : new KafkaException(e));
        } finally {
            consumer.close();
        }
    }

    private void poll() {
        for (ConsumerRecord<byte[], byte[]> record : records()) {
            if (record.topic().equals(Topics.MACHINE_TYPES)) {
                served.read(record);
            } else {
                handle(record.value());
            }
        }
        for (Runnable question = questions.poll(); question != null; question = questions.poll()) {
            question.run();
        }
        listener.tick();
    }

    private Iterable<ConsumerRecord<byte[], byte[]>> records() {
        try {
            return consumer.poll(POLL);
        } catch (WakeupException e) {
            return List.of();
        }
    }

    private void handle(byte[] value) {
        try {
            SpecificRecordBase record = Codec.current().decode(value);
            if (record instanceof Reply reply) {
                listener.reply(reply);
            } else if (record instanceof LogLines lines) {
                listener.logLines(lines);
            } else {
                skipped.increment();
            }
        } catch (UndecodableException e) {
            skipped.increment();
        }
    }

    /** Waits for the thread to end, but not for long, and not when called from it. */
    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        if (Thread.currentThread() != thread) {
            try {
                thread.join(CLOSE_TIMEOUT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
