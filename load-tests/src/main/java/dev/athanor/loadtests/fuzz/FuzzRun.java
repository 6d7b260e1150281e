package dev.athanor.loadtests.fuzz;

import dev.athanor.agent.metrics.AgentMetric;
import dev.athanor.api.Athanor;
import dev.athanor.api.AthanorException;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.dispatcher.metrics.DispatcherMetric;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Topics;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * One run: real calls, whose records are damaged and written back many times, and a look at what
 * still works afterwards. For one thread.
 */
final class FuzzRun {
    private static final String TENANT = "default";
    private static final String QUEUE = Topics.invocations(Athanor.XS);

    /** Where records go; what is in the queue is the most work. */
    private static final List<String> TARGETS =
            List.of(
                    QUEUE,
                    QUEUE,
                    QUEUE,
                    Topics.RUNNING,
                    Topics.AGENTS,
                    Topics.AGENTS,
                    Topics.replies(TENANT),
                    Topics.replies(TENANT),
                    Topics.replies(TENANT),
                    Topics.blobs(TENANT),
                    Topics.blobs(TENANT),
                    Topics.CANCELLATIONS);

    private static final int MAX_AHEAD = 1_000;
    private static final int MAX_PROBES = 10;
    private static final int TELL_EVERY = 10_000;
    private static final int LARGE_BYTES = 300_000;
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final long records;
    private final Random random;
    private final FuzzCluster cluster;
    private final PrintStream out;

    /**
     * @param out takes a line for each step
     */
    FuzzRun(long records, long seed, FuzzCluster cluster, PrintStream out) {
        this.records = records;
        this.random = new Random(seed);
        this.cluster = cluster;
        this.out = out;
    }

    /** Starts a cluster in the folder, writes the records and says what became of them. */
    static FuzzFindings run(long records, long seed, Path folder, PrintStream out)
            throws InterruptedException {
        try (FuzzCluster cluster = FuzzCluster.start(folder)) {
            return new FuzzRun(records, seed, cluster, out).run();
        }
    }

    private FuzzFindings run() throws InterruptedException {
        realCalls();
        List<Sample> samples =
                new ArrayList<>(
                        Recorded.in(
                                cluster.bootstrapServers(), TARGETS.stream().distinct().toList()));
        samples.add(Hostile.cancellation(Topics.CANCELLATIONS));
        long before = accounted();
        out.printf("%,d real records to begin with%n", samples.size());
        long invocations = settle(before, write(samples));
        long deadLetters = deadLetters();
        long ended = accounted() - before - deadLetters;
        return new FuzzFindings(
                records,
                invocations,
                deadLetters,
                ended,
                cluster.count(DispatcherMetric.GROUP_DEAD_LETTERS),
                probe(),
                cluster.isWhole());
    }

    /** Leaves something in every topic. */
    private void realCalls() {
        IsolatedFunction1<byte[], byte[]> echo = cluster.echo();
        echo.call(new byte[] {1});
        echo.call(new byte[LARGE_BYTES]);
        try {
            echo.call(new byte[0]);
        } catch (AthanorException e) {
            out.println("as it should be: " + e.getMessage());
        }
        cluster.nap().call(0);
    }

    /** Returns how many went into the queue. */
    private long write(List<Sample> samples) throws InterruptedException {
        Mutator mutator = new Mutator(samples, random);
        Hostile hostile = new Hostile(random, FuzzRun::withOwnId);
        Map<String, List<Sample>> byTopic =
                samples.stream()
                        .filter(sample -> !isNap(sample))
                        .collect(Collectors.groupingBy(Sample::topic));
        long begin = accounted();
        long queued = 0;
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", cluster.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (long number = 1; number <= records; number++) {
                String topic = TARGETS.get(random.nextInt(TARGETS.size()));
                List<Sample> of = byTopic.getOrDefault(topic, samples);
                Sample sample = of.get(random.nextInt(of.size()));
                Future<RecordMetadata> _ =
                        producer.send(
                                new ProducerRecord<>(
                                        topic,
                                        key(topic, sample, mutator),
                                        value(sample, mutator, hostile)));
                queued += topic.equals(QUEUE) ? 1 : 0;
                if (number % MAX_AHEAD == 0) {
                    awaitAccounted(begin + queued - MAX_AHEAD);
                }
                if (number % TELL_EVERY == 0) {
                    out.printf(
                            "%,d records, %,d dead letters, %,d calls ended%n",
                            number, deadLetters(), accounted() - deadLetters());
                }
            }
        }
        return queued;
    }

    /** It would take its time in the queue each time; its lease is what counts. */
    private static boolean isNap(Sample sample) {
        return sample.topic().equals(QUEUE)
                && new String(sample.value(), StandardCharsets.ISO_8859_1).contains("nap");
    }

    /** A broker takes no record without a key for a compacted topic. */
    private byte @Nullable [] key(String topic, Sample sample, Mutator mutator) {
        boolean isCompacted = topic.equals(Topics.RUNNING) || topic.equals(Topics.AGENTS);
        return switch (random.nextInt(4)) {
            case 0 -> isCompacted ? new byte[0] : null;
            case 1 -> mutator.noise();
            default -> sample.key();
        };
    }

    private byte @Nullable [] value(Sample sample, Mutator mutator, Hostile hostile) {
        byte[] own = own(sample.value());
        return switch (random.nextInt(10)) {
            case 0 -> null;
            case 1, 2 -> hostile.like(own);
            default -> mutator.mutate(own);
        };
    }

    /** A real reply to a real call may not be taken for that of a later one. */
    private static byte[] own(byte[] value) {
        return Codec.current().decode(value) instanceof InvocationEnvelope envelope
                ? Codec.current().encode(withOwnId(envelope))
                : value;
    }

    private static InvocationEnvelope withOwnId(InvocationEnvelope envelope) {
        ByteBuffer real = envelope.getInvocation();
        byte[] bytes = new byte[real.remaining()];
        real.duplicate().get(bytes);
        Invocation own =
                Invocation.newBuilder(Codec.current().decode(bytes, Invocation.class))
                        .setCorrelationId(UUID.randomUUID().toString())
                        .build();
        return InvocationEnvelope.newBuilder(envelope)
                .setInvocation(ByteBuffer.wrap(Codec.current().encode(own)))
                .build();
    }

    /** The first calls may wait for a sandbox in turn; a slot that is stuck stays so. */
    private int probe() {
        int most = 0;
        for (int round = 0; round < MAX_PROBES && most < FuzzCluster.SLOTS; round++) {
            out.println("calling every slot");
            most = Math.max(most, slotsServing());
        }
        return most;
    }

    /** Real calls as many as there are slots, long enough to be under way all at once. */
    private int slotsServing() {
        List<CompletableFuture<String>> calls =
                IntStream.range(0, FuzzCluster.SLOTS)
                        .mapToObj(number -> cluster.nap().submit(number))
                        .toList();
        List<long[]> runs = new ArrayList<>();
        for (CompletableFuture<String> call : calls) {
            String[] run =
                    call.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join().split(" ", 2);
            runs.add(new long[] {Long.parseLong(run[0]), Long.parseLong(run[1])});
        }
        long lastBegin = runs.stream().mapToLong(run -> run[0]).max().orElseThrow();
        return (int) runs.stream().filter(run -> run[1] > lastBegin).count();
    }

    /** Waits until everything in the queue is accounted for; returns how much there was. */
    private long settle(long before, long queued) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long invocations = queued + rescued();
        while (accounted() - before < invocations && System.nanoTime() - deadline < 0) {
            pause();
            invocations = queued + rescued();
        }
        return invocations;
    }

    private void awaitAccounted(long atLeast) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (accounted() < atLeast) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "the queue is stuck: %,d records of it are accounted for, not %,d"
                                .formatted(accounted(), atLeast));
            }
            pause();
        }
    }

    private static void pause() throws InterruptedException {
        boolean _ = new CountDownLatch(1).await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private long accounted() {
        return deadLetters() + cluster.count(AgentMetric.CALLS);
    }

    private long deadLetters() {
        return cluster.count(
                AgentMetric.DEAD_LETTERS, "reason", DeadLetterReason.UNDECODABLE.name());
    }

    private long rescued() {
        return cluster.count(DispatcherMetric.REPUBLISHED) - cluster.count(DispatcherMetric.LOST);
    }
}
