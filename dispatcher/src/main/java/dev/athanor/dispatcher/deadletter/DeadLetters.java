package dev.athanor.dispatcher.deadletter;

import com.fasterxml.uuid.Generators;
import dev.athanor.dispatcher.job.Jobs;
import dev.athanor.dispatcher.job.JobsUnavailableException;
import dev.athanor.dispatcher.job.Submission;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.job.Deadlines;
import dev.athanor.schemas.keys.Trust;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The dead letters, as Kafka keeps them: for 30 days. Who is not an operator sees those of the
 * calls of its own tenant only. Every method throws {@link JobsUnavailableException} when Kafka
 * does not answer. Safe for any number of threads.
 */
public final class DeadLetters {
    private static final TopicPartition PARTITION = new TopicPartition(Topics.DEAD_LETTERS, 0);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int LONGEST_PAGE = 1_000;

    /** Letters are read from Kafka forwards, so many at a time, and listed backwards. */
    private static final int WINDOW = 200;

    /** Others' letters are passed over; a page ends after so many, whatever it has. */
    private static final int MOST_READ = 5_000;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final LetterReader reader;
    private final Jobs jobs;
    private final LongSupplier ticker;
    private final InstantSource clock;

    /**
     * @param consumers makes a consumer without a group
     * @param trust says whose call a letter is about
     * @param jobs takes those that are replayed
     * @param ticker nanoseconds of a clock that never goes back
     */
    public DeadLetters(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Trust trust,
            Jobs jobs,
            LongSupplier ticker,
            InstantSource clock) {
        this.consumers = consumers;
        this.reader = new LetterReader(trust);
        this.jobs = jobs;
        this.ticker = ticker;
        this.clock = clock;
    }

    /**
     * The newest ones.
     *
     * @param tenant whose; empty: all, those included that are nobody's
     * @param before the letter before which the list goes on; empty: it begins
     * @param limit how many at most, 1 to 1,000
     * @throws IllegalArgumentException when the limit is out of its range
     */
    public LetterPage list(Optional<String> tenant, OptionalLong before, int limit) {
        if (limit < 1 || limit > LONGEST_PAGE) {
            throw new IllegalArgumentException(
                    "the limit must be 1 to %,d, got %,d".formatted(LONGEST_PAGE, limit));
        }
        try (Consumer<byte[], byte[]> consumer = open()) {
            long first = consumer.beginningOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
            long last = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
            long end = Math.min(before.orElse(last), last);
            long lowest = Math.max(first, end - MOST_READ);
            List<FoundLetter> found = new ArrayList<>();
            while (end > lowest && found.size() < limit) {
                long begin = Math.max(lowest, end - WINDOW);
                List<FoundLetter> window = read(consumer, begin, end);
                for (FoundLetter letter : window.reversed()) {
                    if (found.size() < limit && isVisible(letter, tenant)) {
                        found.add(letter);
                        end = letter.id();
                    }
                }
                end = found.size() < limit ? begin : end;
            }
            return new LetterPage(found, end > first ? OptionalLong.of(end) : OptionalLong.empty());
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    private List<FoundLetter> read(Consumer<byte[], byte[]> consumer, long begin, long end) {
        List<FoundLetter> letters = new ArrayList<>();
        forEach(
                consumer,
                begin,
                end,
                record -> {
                    letters.add(reader.read(record));
                    return true;
                });
        return letters;
    }

    /** Reads on until the end, or until one says that it is enough. */
    private void forEach(
            Consumer<byte[], byte[]> consumer,
            long begin,
            long end,
            Predicate<ConsumerRecord<byte[], byte[]>> action) {
        consumer.seek(PARTITION, begin);
        long deadline = ticker.getAsLong() + PATIENCE.toNanos();
        while (consumer.position(PARTITION) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() >= end || !action.test(record)) {
                    return;
                }
            }
            if (ticker.getAsLong() - deadline > 0) {
                throw new JobsUnavailableException(
                        "Kafka does not hand out the dead letters",
                        new KafkaException("no answer within " + PATIENCE));
            }
        }
    }

    /** One of them; empty: there is none of that id that the tenant may see. */
    public Optional<FoundLetter> find(Optional<String> tenant, long id) {
        return record(id).map(reader::read).filter(letter -> isVisible(letter, tenant));
    }

    /** The record that a letter holds, as it was read; empty as {@link #find}. */
    public Optional<DeadLetter> letter(Optional<String> tenant, long id) {
        return record(id)
                .filter(record -> isVisible(reader.read(record), tenant))
                .map(LetterReader::letter);
    }

    private Optional<ConsumerRecord<byte[], byte[]>> record(long id) {
        try (Consumer<byte[], byte[]> consumer = open()) {
            long first = consumer.beginningOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
            long last = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            if (id >= first && id < last) {
                forEach(consumer, id, id + 1, found::add);
            }
            return found.stream().findFirst();
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    private Consumer<byte[], byte[]> open() {
        Consumer<byte[], byte[]> consumer = consumers.get();
        consumer.assign(List.of(PARTITION));
        return consumer;
    }

    private static boolean isVisible(FoundLetter letter, Optional<String> tenant) {
        return tenant.isEmpty() || letter.call().map(DeadCall::tenant).equals(tenant);
    }

    /**
     * Submits the call of a letter again, as a new job of its tenant: the same function, code and
     * arguments, with all attempts before it. Each time makes one more job.
     *
     * @return empty as {@link #find}
     * @throws IllegalArgumentException when the letter holds no call that anybody vouches for
     */
    public Optional<Submission> replay(Optional<String> tenant, long id)
            throws InterruptedException {
        Optional<DeadLetter> letter = letter(tenant, id);
        if (letter.isEmpty()) {
            return Optional.empty();
        }
        LetterReader.LostInvocation lost =
                reader.invocation(letter.get())
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "the dead letter %d holds no call that could be replayed"
                                                .formatted(id)));
        return Optional.of(jobs.submit(lost.tenant(), again(lost.invocation())));
    }

    /** Nobody waits for it, it is part of nothing any more, and its deadlines count from now on. */
    private Invocation again(Invocation invocation) {
        long now = clock.millis();
        return Invocation.newBuilder(invocation)
                .setCorrelationId(Generators.timeBasedEpochGenerator().generate().toString())
                .setCreatedAt(now)
                .setLimits(Deadlines.from(now, invocation))
                .setReplyPartition(-1)
                .setBatch(null)
                .setParent(null)
                .setDepth(0)
                .setJob(true)
                .setTraceparent("")
                .build();
    }

    private static JobsUnavailableException unavailable(KafkaException cause) {
        return new JobsUnavailableException("Kafka does not answer: " + cause, cause);
    }
}
