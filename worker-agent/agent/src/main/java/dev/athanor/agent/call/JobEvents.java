package dev.athanor.agent.call;

import dev.athanor.agent.kafka.Publisher;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.job.KnownJob;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Says what becomes of jobs, and nothing of plain calls. Steps on the way are sent and not waited
 * for, since later ones count more. Safe for any number of threads.
 */
public final class JobEvents {
    private static final CompletableFuture<?> NOTHING = CompletableFuture.completedFuture(null);

    private final String agent;
    private final Publisher publisher;
    private final InstantSource clock;

    public JobEvents(String agent, Publisher publisher, InstantSource clock) {
        this.agent = agent;
        this.publisher = publisher;
        this.clock = clock;
    }

    /** Its environment is being built. */
    void building(Delivery delivery) {
        preparing(delivery, JobState.BUILDING);
    }

    /** Its sandbox is being started. */
    void starting(Delivery delivery) {
        preparing(delivery, JobState.STARTING);
    }

    private void preparing(Delivery delivery, JobState state) {
        if (isJob(delivery)) {
            CompletableFuture<?> _ =
                    publisher.jobEvent(job(delivery).preparing(state, agent, clock.millis()));
        }
    }

    /** Its function is being called. */
    public void running(Delivery delivery) {
        if (isJob(delivery)) {
            CompletableFuture<?> _ =
                    publisher.jobEvent(job(delivery).running(agent, clock.millis()));
        }
    }

    /**
     * It goes back into a queue.
     *
     * @param envelope as it goes back
     * @return done once that is durable
     */
    public CompletableFuture<?> queued(Delivery delivery, InvocationEnvelope envelope) {
        if (!isJob(delivery)) {
            return NOTHING;
        }
        KnownJob job = job(delivery, envelope);
        return publisher.jobEvent(job.queued(clock.millis()));
    }

    /**
     * An attempt of it failed, and the next one waits for its time in the ledger's database.
     *
     * @param failed how the attempt would have ended the job
     * @param next as it is to run
     * @param delay from now on
     * @return done once that is durable
     */
    public CompletableFuture<?> retrying(
            Delivery delivery, Reply failed, InvocationEnvelope next, Duration delay) {
        return publisher.jobEvent(job(delivery).retrying(failed, next, delay, clock.millis()));
    }

    /**
     * It has ended.
     *
     * @param otherwise what is told of the end elsewhere, sent along
     * @return done once both are durable
     */
    public CompletableFuture<?> ended(
            Delivery delivery, Reply reply, Supplier<CompletableFuture<?>> otherwise) {
        if (!isJob(delivery)) {
            return otherwise.get();
        }
        return CompletableFuture.allOf(
                publisher.jobEvent(job(delivery).ended(reply, clock.millis())), otherwise.get());
    }

    private static boolean isJob(Delivery delivery) {
        return delivery.invocation().getJob();
    }

    private static KnownJob job(Delivery delivery) {
        return job(delivery, delivery.envelope());
    }

    private static KnownJob job(Delivery delivery, InvocationEnvelope envelope) {
        return new KnownJob(
                delivery.tenant(),
                envelope,
                delivery.invocation(),
                delivery.function().spec().getName(),
                Delivery.machineType(envelope, delivery.function()));
    }
}
