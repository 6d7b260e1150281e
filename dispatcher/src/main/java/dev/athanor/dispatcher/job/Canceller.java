package dev.athanor.dispatcher.job;

import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.keys.Trust;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Tells all agents that a call is to be stopped. Safe for any number of threads. */
public final class Canceller {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Producer<byte[], byte[]> producer;
    private final Trust trust;
    private final InstantSource clock;

    /**
     * Of one dispatcher.
     *
     * @param producer with {@code acks=all}; stays its giver's to close
     */
    public Canceller(Producer<byte[], byte[]> producer, Trust trust, InstantSource clock) {
        this.producer = producer;
        this.trust = trust;
        this.clock = clock;
    }

    /**
     * Returns once that is durable. Of another tenant's call with the same id nothing is said.
     *
     * @throws JobsUnavailableException when Kafka does not take it
     */
    public void cancel(String tenant, String id) throws InterruptedException {
        Cancellation cancellation = new Cancellation(id, clock.millis(), tenant);
        byte[] record = Codec.current().encode(trust.signed(Codec.current().encode(cancellation)));
        try {
            producer.send(
                            new ProducerRecord<>(
                                    Topics.CANCELLATIONS,
                                    id.getBytes(StandardCharsets.UTF_8),
                                    record))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new JobsUnavailableException("Kafka does not take the cancellation: " + e, e);
        }
    }
}
