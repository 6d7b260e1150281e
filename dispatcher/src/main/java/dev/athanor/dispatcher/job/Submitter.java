package dev.athanor.dispatcher.job;

import dev.athanor.dispatcher.ledger.JobId;
import dev.athanor.dispatcher.webhook.WebhookUrl;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.job.KnownJob;
import dev.athanor.schemas.keys.RefusedException;
import dev.athanor.schemas.keys.Trust;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Puts jobs into their queues. The invocation is durable before anything is said of it: a
 * dispatcher that dies in between leaves a job that runs, of which its agent tells all that there
 * is to know. Safe for any number of threads.
 */
final class Submitter {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Producer<byte[], byte[]> producer;
    private final Trust trust;
    private final JobTopics topics;
    private final Predicate<LocalDate> keeps;
    private final QueueBound bound;
    private final InstantSource clock;

    /**
     * @param producer with {@code acks=all}; stays its giver's to close
     * @param keeps whether the ledger keeps jobs of a day
     */
    Submitter(
            Producer<byte[], byte[]> producer,
            Trust trust,
            JobTopics topics,
            Predicate<LocalDate> keeps,
            QueueBound bound,
            InstantSource clock) {
        this.producer = producer;
        this.trust = trust;
        this.topics = topics;
        this.keeps = keeps;
        this.bound = bound;
        this.clock = clock;
    }

    /** What is to be submitted, before anything is written. */
    sealed interface Checked {
        /** It may be produced. */
        record Valid(KnownJob job) implements Checked {}

        /** It may not. */
        record Invalid(Submission.Refused refusal) implements Checked {}
    }

    /**
     * Looks whether a tenant may submit what a caller has signed; of its envelope only that counts.
     */
    Checked check(String tenant, InvocationEnvelope signed) throws InterruptedException {
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder()
                        .setInvocation(signed.getInvocation())
                        .setSignature(signed.getSignature())
                        .build();
        try {
            return check(
                    tenant,
                    envelope,
                    Codec.current().decode(envelope.getInvocation(), Invocation.class));
        } catch (UndecodableException e) {
            return invalid("it is no invocation: " + e.getMessage());
        }
    }

    /** Looks whether what this dispatcher made for a tenant may be submitted. */
    Checked check(String tenant, Invocation invocation) throws InterruptedException {
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder()
                        .setInvocation(ByteBuffer.wrap(Codec.current().encode(invocation)))
                        .setTenant(tenant)
                        .build();
        return check(tenant, envelope, invocation);
    }

    private Checked check(String tenant, InvocationEnvelope envelope, Invocation invocation)
            throws InterruptedException {
        Optional<Checked> refused =
                refuse(tenant, envelope, invocation).or(() -> refuseWebhook(invocation));
        if (refused.isPresent()) {
            return refused.get();
        }
        FunctionSpec function;
        try {
            function = Codec.current().decode(invocation.getFunction(), FunctionSpec.class);
        } catch (UndecodableException e) {
            return invalid("its function cannot be read: " + e.getMessage());
        }
        String machineType = function.getMachineType();
        if (!topics.hasQueue(machineType)) {
            return refused(
                    Submission.Reason.UNKNOWN_MACHINE_TYPE,
                    "no agent has ever served the machine type '%s'".formatted(machineType));
        }
        return new Checked.Valid(
                new KnownJob(tenant, envelope, invocation, function.getName(), machineType));
    }

    private static Optional<Checked> refuseWebhook(Invocation invocation) {
        try {
            if (!invocation.getWebhook().isEmpty()) {
                WebhookUrl _ = WebhookUrl.parse(invocation.getWebhook());
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(invalid(String.valueOf(e.getMessage())));
        }
    }

    /** Has what was found valid wait for its time, or produces it where that is over. */
    Submission produce(KnownJob job, Start start) throws InterruptedException {
        long now = clock.millis();
        Duration delay = start.after(Instant.ofEpochMilli(now));
        if (!delay.isPositive()) {
            return produce(job);
        }
        if (delay.compareTo(Start.LATEST) > 0) {
            return new Submission.Refused(
                    Submission.Reason.INVALID,
                    "it is to start in more than 7 days: make a schedule, which keeps its code");
        }
        try {
            send(job, Topics.JOBS, job.scheduled(delay, now));
        } catch (RecordTooLargeException e) {
            return new Submission.Refused(
                    Submission.Reason.TOO_LARGE,
                    "it is larger than a record may be; larger arguments are sent as a blob");
        }
        return new Submission.Accepted(job.invocation().getCorrelationId());
    }

    /** Produces what was found valid. */
    Submission produce(KnownJob job) throws InterruptedException {
        if (!bound.admits(job.tenant(), job.machineType())) {
            return new Submission.Refused(
                    Submission.Reason.QUEUE_FULL,
                    "%,d jobs of %s wait for the machine type %s, and no more may"
                            .formatted(bound.most(), job.tenant(), job.machineType()));
        }
        try {
            send(job, Topics.invocations(job.machineType()), trust.sealed(job.envelope()));
            send(job, Topics.JOBS, job.queued(clock.millis()));
        } catch (RecordTooLargeException e) {
            return new Submission.Refused(
                    Submission.Reason.TOO_LARGE,
                    "it is larger than a record may be; larger arguments are sent as a blob");
        }
        return new Submission.Accepted(job.invocation().getCorrelationId());
    }

    private Optional<Checked> refuse(
            String tenant, InvocationEnvelope envelope, Invocation invocation) {
        if (!invocation.getJob() || invocation.getReplyPartition() >= 0) {
            return Optional.of(invalid("it is a call that somebody waits for, and no job"));
        }
        if (JobId.parse(invocation.getCorrelationId()).map(JobId::day).filter(keeps).isEmpty()) {
            return Optional.of(
                    invalid(
                            "its id '%s' is no UUID of version 7, or of a day long ago or yet to come"
                                    .formatted(invocation.getCorrelationId())));
        }
        try {
            return trust.owner(envelope).equals(tenant)
                    ? Optional.empty()
                    : Optional.of(unauthorized("it is another tenant's"));
        } catch (RefusedException e) {
            return Optional.of(unauthorized(String.valueOf(e.getMessage())));
        }
    }

    private static Checked invalid(String message) {
        return refused(Submission.Reason.INVALID, message);
    }

    private static Checked unauthorized(String message) {
        return refused(Submission.Reason.UNAUTHORIZED, message);
    }

    private static Checked refused(Submission.Reason reason, String message) {
        return new Checked.Invalid(new Submission.Refused(reason, message));
    }

    /** Returns once the record is durable. */
    private void send(KnownJob job, String topic, SpecificRecordBase record)
            throws InterruptedException {
        byte[] key = job.invocation().getCorrelationId().getBytes(StandardCharsets.UTF_8);
        try {
            producer.send(new ProducerRecord<>(topic, key, Codec.current().encode(record)))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException tooLarge) {
                throw tooLarge;
            }
            throw new JobsUnavailableException("Kafka refuses the job: " + e.getCause(), e);
        } catch (TimeoutException | KafkaException e) {
            throw new JobsUnavailableException("Kafka does not take the job: " + e, e);
        }
    }
}
