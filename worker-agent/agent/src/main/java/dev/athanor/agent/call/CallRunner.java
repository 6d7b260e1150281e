package dev.athanor.agent.call;

import dev.athanor.agent.kafka.Publisher;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.environment.build.BuildFailedException;
import dev.athanor.environment.build.Environment;
import dev.athanor.environment.build.EnvironmentStore;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.pool.HotPool;
import dev.athanor.environment.pool.PooledSandbox;
import dev.athanor.environment.sandbox.Call;
import dev.athanor.environment.sandbox.SandboxSpec;
import dev.athanor.environment.sandbox.StartFailedException;
import dev.athanor.schemas.Bundle;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
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
import java.util.Map;
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
    private final Map<String, MachineType> machineTypes;
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
     * @param machineTypes those that this agent serves, by name
     * @param coldThreads platform threads, as many as there are slots at least
     */
    public CallRunner(
            String agent,
            Map<String, MachineType> machineTypes,
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
        this.machineTypes = Map.copyOf(machineTypes);
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
    public ActiveCall start(Delivery delivery) {
        Limits limits = delivery.invocation().getLimits();
        PhaseTimes queued = queued(delivery);
        Optional<String> passed = CallLimits.passed(limits, delivery.takenAt());
        if (passed.isPresent()) {
            return new EndedCall(
                    replies.failed(
                            delivery,
                            Outcome.EXPIRED,
                            FailureCode.DEADLINE_PASSED,
                            passed.get(),
                            queued));
        }
        CallLog log = new CallLog(delivery, publisher, logFlusher, clock);
        try {
            FunctionPlan plan = plan(delivery);
            Payload arguments = delivery.invocation().getArguments();
            if (Payloads.isInline(arguments)
                    && !delivery.invocation().getFunction().getEnvironment().getRebuild()) {
                Optional<PooledSandbox> hot = pool.tryHot(plan.sandboxKey());
                if (hot.isPresent()) {
                    return invoke(delivery, plan, hot.get(), arguments(delivery), log, queued);
                }
            }
            return new ColdCall(coldThreads.submit(() -> cold(delivery, plan, log, queued)));
        } catch (InvalidInvocationException e) {
            return new EndedCall(
                    replies.failed(delivery, Outcome.FAILED, e.code(), e.getMessage(), queued));
        }
    }

    private FunctionPlan plan(Delivery delivery) {
        MachineType machineType = machineTypes.get(delivery.machineType());
        if (machineType == null) {
            throw new InvalidInvocationException(
                    FailureCode.INVALID_INVOCATION,
                    "machine type %s is not served here, but %s"
                            .formatted(delivery.machineType(), machineTypes.keySet()));
        }
        return FunctionPlan.of(delivery, machineType);
    }

    private Reply cold(Delivery delivery, FunctionPlan plan, CallLog log, PhaseTimes queued)
            throws InterruptedException {
        PhaseTimes.Builder phases = PhaseTimes.newBuilder(queued);
        try {
            long begin = System.nanoTime();
            List<Path> classPath = classPath(delivery, plan, log);
            byte[] arguments = arguments(delivery);
            long built = System.nanoTime();
            phases.setBuild((built - begin) / 1_000);
            PooledSandbox sandbox = sandbox(delivery, plan, classPath);
            phases.setStart((System.nanoTime() - built) / 1_000);
            return invoke(delivery, plan, sandbox, arguments, log, phases.build()).join();
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
    private List<Path> classPath(Delivery delivery, FunctionPlan plan, CallLog log)
            throws InterruptedException {
        Invocation invocation = delivery.invocation();
        List<Path> classPath = new ArrayList<>(environment(invocation, plan, log).classPath());
        for (Bundle bundle : invocation.getFunction().getBundles()) {
            classPath.add(bundles.file(delivery.tenant(), bundle));
        }
        return classPath;
    }

    private Environment environment(Invocation invocation, FunctionPlan plan, CallLog log)
            throws InterruptedException {
        boolean rebuild = invocation.getFunction().getEnvironment().getRebuild();
        Optional<Environment> existing =
                rebuild ? Optional.empty() : environments.existing(plan.environment());
        if (existing.isPresent()) {
            return existing.get();
        }
        try {
            Environment built =
                    environments.obtain(
                            plan.environment(),
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

    private PooledSandbox sandbox(Delivery delivery, FunctionPlan plan, List<Path> classPath)
            throws InterruptedException {
        Duration timeout = defaults.start(delivery.invocation().getLimits());
        return pool.start(
                new SandboxSpec(plan.sandboxKey(), plan.machineType(), classPath, timeout));
    }

    private SandboxCall invoke(
            Delivery delivery,
            FunctionPlan plan,
            PooledSandbox sandbox,
            byte[] arguments,
            CallLog log,
            PhaseTimes phases) {
        Call call =
                new Call(
                        delivery.correlationId(),
                        delivery.envelope().getAttempt(),
                        plan.codec(),
                        plan.entryPoint(),
                        arguments,
                        Blobs.DEFAULT_LIMIT);
        return new SandboxCall(
                agent,
                delivery,
                plan,
                sandbox,
                sandbox.sandbox().invoke(call, log),
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
