package dev.athanor.agent.call;

import dev.athanor.agent.cancel.Cancellations;
import dev.athanor.agent.data.DataVolume;
import dev.athanor.agent.kafka.Publisher;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.agent.secret.Secrets;
import dev.athanor.agent.stream.Credits;
import dev.athanor.environment.build.EnvironmentStore;
import dev.athanor.environment.pool.HotPool;
import dev.athanor.environment.pool.PooledSandbox;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.PhaseTimes;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/**
 * Runs invocations: at once on the caller's thread where a hot sandbox waits, otherwise by the
 * {@link ColdPath}, on a thread of its own. Safe for any number of threads.
 */
public final class CallRunner implements CallStarter {
    private final HotPool pool;
    private final Payloads payloads;
    private final Replies replies;
    private final HotElsewhere elsewhere;
    private final Cancellations cancellations;
    private final SandboxCalls calls;
    private final ColdPath coldPath;
    private final ExecutorService coldThreads;
    private final JobEvents jobs;
    private final Function<Delivery, CallLog> logs;

    /**
     * @param coldThreads platform threads, as many as there are slots at least
     */
    public CallRunner(
            String agent,
            CallLimits defaults,
            EnvironmentStore environments,
            BundleStore bundles,
            Secrets secrets,
            HotPool pool,
            DataVolume volume,
            Payloads payloads,
            Replies replies,
            WarmHints hints,
            Nest nest,
            HotElsewhere elsewhere,
            Publisher publisher,
            AgentMetrics metrics,
            Cancellations cancellations,
            Credits credits,
            ExecutorService coldThreads,
            ScheduledExecutorService timer,
            InstantSource clock) {
        this.pool = pool;
        this.payloads = payloads;
        this.replies = replies;
        this.elsewhere = elsewhere;
        this.cancellations = cancellations;
        this.coldThreads = coldThreads;
        jobs = new JobEvents(agent, publisher, clock);
        calls =
                new SandboxCalls(
                        defaults,
                        replies,
                        hints,
                        nest,
                        cancellations,
                        credits,
                        publisher,
                        payloads,
                        coldThreads,
                        timer);
        coldPath =
                new ColdPath(
                        agent,
                        defaults,
                        environments,
                        bundles,
                        secrets,
                        pool,
                        volume,
                        payloads,
                        replies,
                        metrics,
                        cancellations,
                        calls,
                        jobs);
        logs = delivery -> new CallLog(delivery, publisher, timer, clock);
    }

    @Override
    public CallSession open() {
        return new RunnerSession(this);
    }

    /** Ends a call that must not start. */
    Optional<ActiveCall> refuse(Delivery delivery) {
        if (cancellations.isCancelled(delivery.id())) {
            return Optional.of(
                    new EndedCall(
                            replies.cancelled(delivery, "before it started", queued(delivery))));
        }
        Optional<String> passed =
                CallLimits.passed(
                        delivery.invocation().getLimits(),
                        delivery.envelope().getAttempt(),
                        delivery.takenAt());
        if (passed.isPresent()) {
            return refused(delivery, Outcome.EXPIRED, FailureCode.DEADLINE_PASSED, passed.get());
        }
        if (delivery.function() instanceof KnownFunction.Refused refused) {
            return refused(delivery, Outcome.FAILED, refused.code(), refused.message());
        }
        if (delivery.invocation().getArguments().getCodec() == PayloadCodec.UNKNOWN) {
            return refused(
                    delivery,
                    Outcome.FAILED,
                    FailureCode.INVALID_INVOCATION,
                    "the codec of the arguments is of a newer release: upgrade the agent");
        }
        if (delivery.invocation().getJob() && delivery.invocation().getStreamWindow() > 0) {
            return refused(
                    delivery,
                    Outcome.FAILED,
                    FailureCode.INVALID_INVOCATION,
                    "a job has one result, and nobody to take values one by one");
        }
        return Optional.empty();
    }

    private Optional<ActiveCall> refused(
            Delivery delivery, Outcome outcome, FailureCode code, String message) {
        return Optional.of(
                new EndedCall(replies.failed(delivery, outcome, code, message, queued(delivery))));
    }

    /** A hot sandbox for a call whose arguments are at hand. */
    Optional<PooledSandbox> hot(Delivery delivery, KnownFunction.Runs function) {
        return Payloads.isInline(delivery.invocation().getArguments())
                        && !function.spec().getEnvironment().getRebuild()
                ? pool.tryHot(function.sandboxKey())
                : Optional.empty();
    }

    /** Where a call is hot that would start cold here, though it may start hot. */
    Optional<Lane> hotElsewhere(Delivery delivery, KnownFunction.Runs function) {
        boolean isNew = function.spec().getEnvironment().getRebuild();
        return isNew ? Optional.empty() : elsewhere.lane(delivery, function.sandboxKey());
    }

    /**
     * Makes a call in a sandbox that is hot, and gives that back at its end. The sandbox may have
     * it only once it is flushed.
     */
    ActiveCall enqueue(Delivery delivery, KnownFunction.Runs function, PooledSandbox hot) {
        return calls.enqueue(
                delivery,
                function,
                hot,
                payloads.bytes(delivery.tenant(), delivery.invocation().getArguments()),
                logs.apply(delivery),
                queued(delivery),
                cancellations.watch(delivery.id()));
    }

    /** Takes note that the function is being called, in a sandbox that is hot. */
    void running(Delivery delivery) {
        jobs.running(delivery);
    }

    /** Prepares and makes a call on another thread. */
    ActiveCall cold(Delivery delivery, KnownFunction.Runs function, CallStart start) {
        CallLog log = logs.apply(delivery);
        return new ColdCall(
                coldThreads.submit(
                        () -> coldPath.run(delivery, function, log, queued(delivery), start)),
                start);
    }

    private static PhaseTimes queued(Delivery delivery) {
        long millis = delivery.takenAt().toEpochMilli() - delivery.invocation().getCreatedAt();
        return new PhaseTimes(Math.max(0, millis) * 1_000, 0L, 0L, 0L);
    }
}
