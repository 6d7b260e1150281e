package dev.athanor.schemas.keys;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.KeyRecord;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the keys of a cluster on a thread of its own: a revoked one is known as such as soon as
 * that is read. Safe for any number of threads.
 */
public final class KeyDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyDirectory.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** For a key that is not known: it may have been made this moment. */
    private static final Duration UNKNOWN_PATIENCE = Duration.ofSeconds(10);

    /** Questions that are answered once the reader is where the topic ended when it saw them. */
    private record Asked(List<CompletableFuture<Void>> questions, Map<TopicPartition, Long> ends) {}

    private final Consumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, KnownKey> keys = new ConcurrentHashMap<>();
    private final Queue<CompletableFuture<Void>> questions = new ConcurrentLinkedQueue<>();

    // Confined to the thread.
    private final List<Asked> asked = new ArrayList<>();

    private KeyDirectory(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
        this.thread = new Thread(this::run, "key-directory");
        thread.setDaemon(true);
    }

    /**
     * Begins to follow.
     *
     * @param consumer without a group, reads from the earliest record; closed with this
     */
    public static KeyDirectory follow(Consumer<byte[], byte[]> consumer) {
        KeyDirectory directory = new KeyDirectory(consumer);
        directory.thread.start();
        return directory;
    }

    /** The keys that there are, revoked ones included. */
    public Collection<KnownKey> all() {
        return List.copyOf(keys.values());
    }

    /**
     * The key of that id; where there seems to be none, once everything has been read.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException when that takes too long: there is no
     *     saying
     */
    Optional<KnownKey> find(String keyId) {
        KnownKey key = keys.get(keyId);
        if (key != null) {
            return Optional.of(key);
        }
        if (!awaitCaughtUp(UNKNOWN_PATIENCE)) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "the keys were not read in time");
        }
        return Optional.ofNullable(keys.get(keyId));
    }

    /**
     * Waits until everything is known that was written before.
     *
     * @return false when it took too long, or the thread was interrupted
     */
    public boolean awaitCaughtUp(Duration timeout) {
        CompletableFuture<Void> question = new CompletableFuture<>();
        questions.add(question);
        consumer.wakeup();
        try {
            question.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        try (consumer) {
            while (closed.getCount() > 0) {
                followOrBackOff();
            }
        } catch (InterruptException | InterruptedException e) {
            LOG.debug("no longer follows the keys");
        }
    }

    private void followOrBackOff() throws InterruptedException {
        try {
            if (consumer.assignment().isEmpty()) {
                assign();
            }
            look();
            consumer.poll(POLL).forEach(this::apply);
            answer();
        } catch (WakeupException e) {
            LOG.trace("asked, or closed");
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            // Whatever it is: who stops following never learns of a revocation.
            LOG.warn("cannot follow the keys, tries again: {}", e.toString());
            boolean isClosed = closed.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("closed={}", isClosed);
        }
    }

    private void assign() {
        List<TopicPartition> partitions =
                consumer.partitionsFor(Topics.KEYS, ASK_TIMEOUT).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Finds out how far is to be read for the questions that have come by now. */
    private void look() {
        List<CompletableFuture<Void>> fresh = new ArrayList<>();
        for (CompletableFuture<Void> each = questions.poll();
                each != null;
                each = questions.poll()) {
            fresh.add(each);
        }
        if (fresh.isEmpty()) {
            return;
        }
        try {
            asked.add(new Asked(fresh, consumer.endOffsets(consumer.assignment(), ASK_TIMEOUT)));
        } catch (KafkaException e) {
            questions.addAll(fresh);
            throw e;
        }
        answer();
    }

    private void answer() {
        asked.removeIf(each -> {
            boolean hasReached =
                    each.ends().entrySet().stream()
                            .allMatch(end ->
                                    end.getValue() == 0
                                            || consumer.position(end.getKey(), ASK_TIMEOUT)
                                                    >= end.getValue());
            if (hasReached) {
                each.questions().forEach(question -> question.complete(null));
            }
            return hasReached;
        });
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return;
        }
        String keyId = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            keys.remove(keyId);
            return;
        }
        try {
            KnownKey key = KnownKey.of(Codec.current().decode(record.value(), KeyRecord.class));
            if (!key.keyId().equals(keyId)) {
                throw new UndecodableException("the record of another key");
            }
            keys.put(keyId, key);
        } catch (UndecodableException e) {
            // Whatever it was to say, it may have been a revocation.
            keys.remove(keyId);
            LOG.warn("keyId={} cannot be read and is not believed: {}", keyId, e.getMessage());
        }
    }

    @Override
    public void close() {
        closed.countDown();
        consumer.wakeup();
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
