package dev.athanor.agent.call;

import dev.athanor.agent.cancel.CallStop;
import dev.athanor.agent.cancel.Cancellations;
import dev.athanor.agent.data.DataVolume;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.agent.secret.SecretException;
import dev.athanor.agent.secret.Secrets;
import dev.athanor.environment.build.BuildFailedException;
import dev.athanor.environment.build.Environment;
import dev.athanor.environment.build.EnvironmentKind;
import dev.athanor.environment.build.EnvironmentStore;
import dev.athanor.environment.pool.HotPool;
import dev.athanor.environment.pool.PooledSandbox;
import dev.athanor.environment.sandbox.Network;
import dev.athanor.environment.sandbox.Program;
import dev.athanor.environment.sandbox.SandboxSpec;
import dev.athanor.environment.sandbox.StartFailedException;
import dev.athanor.schemas.Bundle;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.blob.BlobGoneException;
import dev.athanor.schemas.blob.BlobTooLargeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares calls that no hot sandbox waits for, and sees them through: builds the environment,
 * fetches the bundles, starts a sandbox. Whatever goes wrong on the way becomes a reply.
 * Thread-safe.
 */
final class ColdPath {
    private static final Logger LOG = LoggerFactory.getLogger(ColdPath.class);

    private final String agent;
    private final CallLimits defaults;
    private final EnvironmentStore environments;
    private final BundleStore bundles;
    private final Secrets secrets;
    private final HotPool pool;
    private final DataVolume volume;
    private final Payloads payloads;
    private final Replies replies;
    private final AgentMetrics metrics;
    private final Cancellations cancellations;
    private final SandboxCalls calls;
    private final JobEvents jobs;

    ColdPath(
            String agent,
            CallLimits defaults,
            EnvironmentStore environments,
            BundleStore bundles,
            Secrets secrets,
            HotPool pool,
            DataVolume volume,
            Payloads payloads,
            Replies replies,
            AgentMetrics metrics,
            Cancellations cancellations,
            SandboxCalls calls,
            JobEvents jobs) {
        this.agent = agent;
        this.defaults = defaults;
        this.environments = environments;
        this.bundles = bundles;
        this.secrets = secrets;
        this.pool = pool;
        this.volume = volume;
        this.payloads = payloads;
        this.replies = replies;
        this.metrics = metrics;
        this.cancellations = cancellations;
        this.calls = calls;
        this.jobs = jobs;
    }

    /** A cancellation interrupts this thread until the call is made, and then the call. */
    @SuppressWarnings("Interruption")
    Reply run(
            Delivery delivery,
            KnownFunction.Runs function,
            CallLog log,
            PhaseTimes queued,
            CallStart start)
            throws InterruptedException {
        CallStop stop = cancellations.watch(delivery.id());
        try {
            stop.stopBy(Thread.currentThread()::interrupt);
            Reply reply = prepareAndCall(delivery, function, log, queued, stop, start);
            return stop.isRequested() && reply.getOutcome() != Outcome.CANCELLED
                    ? cancelledEarly(delivery, reply.getPhases())
                    : reply;
        } catch (InterruptedException e) {
            if (!stop.isRequested()) {
                throw e;
            }
            return cancelledEarly(delivery, queued);
        } finally {
            stop.end();
            cancellations.forget(delivery.id(), stop);
            if (stop.isRequested()) {
                // Where nothing noticed the interrupt, nothing else is to.
                boolean cleared = Thread.interrupted();
                LOG.debug(
                        "correlationId={} cancelled, interrupt left={}",
                        delivery.correlationId(),
                        cleared);
            }
            log.flush();
        }
    }

    private Reply cancelledEarly(Delivery delivery, PhaseTimes phases) {
        return replies.cancelled(delivery, "while it was prepared", phases);
    }

    /** From here on an interrupt would hit what is not meant by it. */
    private static void checkGoingOn(CallStop stop, PooledSandbox sandbox, Duration keepAlive)
            throws InterruptedException {
        stop.stopByNothing();
        if (stop.isRequested()) {
            boolean cleared = Thread.interrupted();
            sandbox.release(keepAlive);
            throw new InterruptedException("cancelled, interrupted=" + cleared);
        }
    }

    private static void takeStart(CallStart start, PooledSandbox sandbox)
            throws InterruptedException {
        boolean taken = false;
        try {
            taken = start.start();
        } finally {
            if (!taken) {
                sandbox.discard();
            }
        }
        if (!taken) {
            throw new InterruptedException("the call was abandoned before it started");
        }
    }

    private Reply prepareAndCall(
            Delivery delivery,
            KnownFunction.Runs function,
            CallLog log,
            PhaseTimes queued,
            CallStop stop,
            CallStart start)
            throws InterruptedException {
        PhaseTimes.Builder phases = PhaseTimes.newBuilder(queued);
        try {
            long begin = System.nanoTime();
            Environment environment = environment(delivery, function, log);
            jobs.starting(delivery);
            List<Path> bundles = bundles(delivery, function);
            byte[] arguments =
                    payloads.bytes(delivery.tenant(), delivery.invocation().getArguments());
            long built = System.nanoTime();
            phases.setBuild((built - begin) / 1_000);
            PooledSandbox sandbox = sandbox(delivery, function, environment, bundles);
            phases.setStart((System.nanoTime() - built) / 1_000);
            checkGoingOn(stop, sandbox, function.keepAlive());
            takeStart(start, sandbox);
            ActiveCall call =
                    calls.enqueue(
                            delivery, function, sandbox, arguments, log, phases.build(), stop);
            sandbox.sandbox().flush();
            jobs.running(delivery);
            CallEnd end = call.join();
            return switch (end) {
                case CallEnd.Replied replied -> replied.reply();
                case CallEnd.Lost _ -> throw new SandboxLostException();
                case CallEnd.NotStarted _, CallEnd.HotElsewhere _ ->
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
        } catch (SecretException e) {
            return failed(delivery, FailureCode.START_FAILED, e.reason(), phases);
        } catch (BlobGoneException e) {
            return failed(delivery, FailureCode.BLOB_GONE, e.getMessage(), phases);
        } catch (BlobTooLargeException e) {
            return failed(delivery, FailureCode.TOO_LARGE, e.getMessage(), phases);
        } catch (SandboxLostException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("correlationId={} cannot be run", delivery.correlationId(), e);
            return failed(
                    delivery,
                    FailureCode.START_FAILED,
                    "agent %s could not run it: %s".formatted(agent, e),
                    phases);
        }
    }

    private List<Path> bundles(Delivery delivery, KnownFunction.Runs function) {
        List<Path> files = new ArrayList<>();
        for (Bundle bundle : function.spec().getBundles()) {
            files.add(bundles.file(delivery.tenant(), bundle));
        }
        return files;
    }

    private Environment environment(Delivery delivery, KnownFunction.Runs function, CallLog log)
            throws InterruptedException {
        boolean rebuild = function.spec().getEnvironment().getRebuild();
        Optional<Environment> existing =
                rebuild ? Optional.empty() : environments.existing(function.environment());
        if (existing.isPresent()) {
            return existing.get();
        }
        jobs.building(delivery);
        try {
            Environment built =
                    environments.obtain(
                            function.environment(),
                            rebuild,
                            defaults.build(delivery.invocation().getLimits()),
                            log.ofBuild());
            metrics.build("built");
            return built;
        } catch (BuildFailedException e) {
            metrics.build("failed");
            throw e;
        }
    }

    private PooledSandbox sandbox(
            Delivery delivery,
            KnownFunction.Runs function,
            Environment environment,
            List<Path> bundles)
            throws InterruptedException {
        boolean isPython = function.environment().kind() == EnvironmentKind.PYTHON;
        return pool.start(
                new SandboxSpec(
                        function.sandboxKey(),
                        function.machineType(),
                        isPython
                                ? new Program.Python(environment.interpreter())
                                : new Program.Jvm(),
                        isPython ? bundles : classPath(environment, bundles),
                        volume.folder(delivery.tenant()),
                        secrets.open(function.secrets()),
                        function.spec().getNetwork() ? Network.OUTBOUND : Network.NONE,
                        "",
                        new SandboxSpec.Owner(
                                delivery.tenant(), function.environment().key().hex()),
                        defaults.start(delivery.invocation().getLimits())));
    }

    /** Environment jars come first, so that a bundle's stray copy of a requirement does not win. */
    private static List<Path> classPath(Environment environment, List<Path> bundles) {
        List<Path> classPath = new ArrayList<>(environment.classPath());
        classPath.addAll(bundles);
        return classPath;
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
