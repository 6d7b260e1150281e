package dev.athanor.agent.call;

import dev.athanor.agent.kafka.Publisher;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.environment.build.BuildFailedException;
import dev.athanor.environment.build.Environment;
import dev.athanor.environment.build.EnvironmentStore;
import dev.athanor.environment.pool.HotPool;
import dev.athanor.environment.pool.PooledSandbox;
import dev.athanor.environment.sandbox.Call;
import dev.athanor.environment.sandbox.SandboxSpec;
import dev.athanor.environment.sandbox.StartFailedException;
import dev.athanor.schemas.Bundle;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.blob.BlobGoneException;
import dev.athanor.schemas.blob.BlobTooLargeException;
import dev.athanor.schemas.blob.Blobs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs invocations: at once on the caller's thread where a hot sandbox waits, otherwise on a thread
 * that builds the environment, fetches the bundles and starts a sandbox first. Whatever goes wrong
 * on the way becomes a reply. Safe for any number of threads.
 */
public final class CallRunner implements CallStarter {
    private static final Logger LOG = LoggerFactory.getLogger(CallRunner.class);

    private final String agent;
    private final CallLimits defaults;
    private final EnvironmentStore environments;
    private final BundleStore bundles;
    private final HotPool pool;
    private final Payloads payloads;
    private final Replies replies;
    private final Publisher publisher;
    private final AgentMetrics metrics;
    private final ExecutorService coldThreads;
    private final ScheduledExecutorService logFlusher;
    private final InstantSource clock;

    /**
     * @param coldThreads platform threads, as many as there are slots at least
     */
    public CallRunner(
            String agent,
            CallLimits defaults,
            EnvironmentStore environments,
            BundleStore bundles,
            HotPool pool,
            Payloads payloads,
            Replies replies,
            Publisher publisher,
            AgentMetrics metrics,
            ExecutorService coldThreads,
            ScheduledExecutorService logFlusher,
            InstantSource clock) {
        this.agent = agent;
        this.defaults = defaults;
        this.environments = environments;
        this.bundles = bundles;
        this.pool = pool;
        this.payloads = payloads;
        this.replies = replies;
        this.publisher = publisher;
        this.metrics = metrics;
        this.coldThreads = coldThreads;
        this.logFlusher = logFlusher;
        this.clock = clock;
    }

    @Override
    public CallSession open() {
        return new RunnerSession(this);
    }

    /** Ends a call that must not start. */
    Optional<ActiveCall> refuse(Delivery delivery) {
        Optional<String> passed =
                CallLimits.passed(delivery.invocation().getLimits(), delivery.takenAt());
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

    /**
     * Makes a call in a sandbox that is hot, and gives that back at its end. The sandbox may have
     * it only once it is flushed.
     */
    ActiveCall enqueue(Delivery delivery, KnownFunction.Runs function, PooledSandbox hot) {
        return enqueue(
                delivery, function, hot, arguments(delivery), log(delivery), queued(delivery));
    }

    /** Prepares and makes a call on another thread. */
    ActiveCall cold(Delivery delivery, KnownFunction.Runs function) {
        CallLog log = log(delivery);
        return new ColdCall(
                coldThreads.submit(() -> cold(delivery, function, log, queued(delivery))));
    }

    private CallLog log(Delivery delivery) {
        return new CallLog(delivery, publisher, logFlusher, clock);
    }

    private Reply cold(
            Delivery delivery, KnownFunction.Runs function, CallLog log, PhaseTimes queued)
            throws InterruptedException {
        PhaseTimes.Builder phases = PhaseTimes.newBuilder(queued);
        try {
            long begin = System.nanoTime();
            List<Path> classPath = classPath(delivery, function, log);
            byte[] arguments = arguments(delivery);
            long built = System.nanoTime();
            phases.setBuild((built - begin) / 1_000);
            PooledSandbox sandbox = sandbox(delivery, function, classPath);
            phases.setStart((System.nanoTime() - built) / 1_000);
            ActiveCall call = enqueue(delivery, function, sandbox, arguments, log, phases.build());
            sandbox.sandbox().flush();
            CallEnd end = call.join();
            return switch (end) {
                case CallEnd.Replied replied -> replied.reply();
                case CallEnd.NotStarted _ ->
                        failed(
                                delivery,
                                FailureCode.START_FAILED,
                                "its sandbox ended before the call could start",
                                phases);
            };
        } catch (BuildFailedException e) {
            return e.isTimedOut()
                    ? timedOut(delivery, FailureCode.BUILD_TIMEOUT, e.getMessage(), phases)
                    : failed(delivery, FailureCode.BUILD_FAILED, e.getMessage(), phases);
        } catch (StartFailedException e) {
            return e.isTimeout()
                    ? timedOut(delivery, FailureCode.START_TIMEOUT, e.getMessage(), phases)
                    : failed(delivery, FailureCode.START_FAILED, e.getMessage(), phases);
        } catch (BlobGoneException e) {
            return failed(delivery, FailureCode.BLOB_GONE, e.getMessage(), phases);
        } catch (BlobTooLargeException e) {
            return failed(delivery, FailureCode.TOO_LARGE, e.getMessage(), phases);
        } catch (RuntimeException e) {
            LOG.error("correlationId={} cannot be run", delivery.correlationId(), e);
            return failed(
                    delivery,
                    FailureCode.START_FAILED,
                    "agent %s could not run it: %s".formatted(agent, e),
                    phases);
        } finally {
            log.flush();
        }
    }

    /** Environment jars come first, so that a bundle's stray copy of a requirement does not win. */
    private List<Path> classPath(Delivery delivery, KnownFunction.Runs function, CallLog log)
            throws InterruptedException {
        Invocation invocation = delivery.invocation();
        List<Path> classPath = new ArrayList<>(environment(invocation, function, log).classPath());
        for (Bundle bundle : function.spec().getBundles()) {
            classPath.add(bundles.file(delivery.tenant(), bundle));
        }
        return classPath;
    }

    private Environment environment(Invocation invocation, KnownFunction.Runs function, CallLog log)
            throws InterruptedException {
        boolean rebuild = function.spec().getEnvironment().getRebuild();
        Optional<Environment> existing =
                rebuild ? Optional.empty() : environments.existing(function.environment());
        if (existing.isPresent()) {
            return existing.get();
        }
        try {
            Environment built =
                    environments.obtain(
                            function.environment(),
                            rebuild,
                            defaults.build(invocation.getLimits()),
                            log.ofBuild());
            metrics.build("built");
            return built;
        } catch (BuildFailedException e) {
            metrics.build("failed");
            throw e;
        }
    }

    private PooledSandbox sandbox(
            Delivery delivery, KnownFunction.Runs function, List<Path> classPath)
            throws InterruptedException {
        Duration timeout = defaults.start(delivery.invocation().getLimits());
        return pool.start(
                new SandboxSpec(function.sandboxKey(), function.machineType(), classPath, timeout));
    }

    private SandboxCall enqueue(
            Delivery delivery,
            KnownFunction.Runs function,
            PooledSandbox sandbox,
            byte[] arguments,
            CallLog log,
            PhaseTimes phases) {
        Call call =
                new Call(
                        delivery.correlationId(),
                        delivery.envelope().getAttempt(),
                        codec(delivery.invocation().getArguments().getCodec()),
                        function.entryPoint(),
                        arguments,
                        Blobs.DEFAULT_LIMIT);
        return new SandboxCall(
                agent,
                delivery,
                function,
                sandbox,
                sandbox.sandbox().enqueue(call, log),
                log,
                defaults.execution(delivery.invocation().getLimits()),
                defaults.grace(),
                phases,
                replies,
                clock);
    }

    private byte[] arguments(Delivery delivery) {
        return payloads.bytes(delivery.tenant(), delivery.invocation().getArguments());
    }

    private static byte codec(PayloadCodec codec) {
        return switch (codec) {
            case JAVA -> dev.athanor.runtime.protocol.PayloadCodec.JAVA;
            case JSON -> dev.athanor.runtime.protocol.PayloadCodec.JSON;
            case PICKLE -> dev.athanor.runtime.protocol.PayloadCodec.PICKLE;
            case UNKNOWN -> throw new IllegalArgumentException("was refused before");
        };
    }

    private static PhaseTimes queued(Delivery delivery) {
        long millis = delivery.takenAt().toEpochMilli() - delivery.invocation().getCreatedAt();
        return new PhaseTimes(Math.max(0, millis) * 1_000, 0L, 0L, 0L);
    }

    private Reply failed(
            Delivery delivery,
            FailureCode code,
            @Nullable String message,
            PhaseTimes.Builder phases) {
        return replies.failed(delivery, Outcome.FAILED, code, message, phases.build());
    }

    private Reply timedOut(
            Delivery delivery,
            FailureCode code,
            @Nullable String message,
            PhaseTimes.Builder phases) {
        return replies.failed(delivery, Outcome.TIMED_OUT, code, message, phases.build());
    }
}
