package dev.athanor.api.internal.cluster;

import dev.athanor.api.Batch;
import dev.athanor.api.Callee;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.Cron;
import dev.athanor.api.Host;
import dev.athanor.api.InvalidOptionException;
import dev.athanor.api.Job;
import dev.athanor.api.Options;
import dev.athanor.api.RegisteredFunction;
import dev.athanor.api.Schedule;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.api.internal.bundle.Bundler;
import dev.athanor.api.internal.call.Callbacks;
import dev.athanor.api.internal.call.PackedFunction;
import dev.athanor.api.internal.job.DispatcherClient;
import dev.athanor.api.internal.payload.ResultReader;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The agents of a cluster. Connects when it is first needed, and again after a failure. */
public final class ClusterHost implements Host {
    private static final Duration REFUSED_FOR = Duration.ofSeconds(5);
    private static final Pattern JOB_ID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final KafkaClients kafka;
    private final ClusterSettings settings;
    private final InstantSource clock;
    private final InFlight inFlight;
    private final Bundler bundler = new Bundler();
    private final Callbacks callbacks = new Callbacks();
    private final Map<Callee<?>, PreparedFunction> functions =
            Collections.synchronizedMap(new WeakHashMap<>());
    private final JobAccess jobs;
    private final RegisteredFunctions registered;
    private final Object lock = new Object();
    private @Nullable ClusterConnection connection;
    private boolean closed;
    private @Nullable UnauthorizedException refusal;
    private Instant refusedUntil = Instant.MIN;

    ClusterHost(KafkaClients kafka, ClusterSettings settings, InstantSource clock) {
        this.kafka = kafka;
        this.settings = settings;
        this.clock = clock;
        this.inFlight = new InFlight(settings);
        this.jobs =
                new JobAccess(
                        new DispatcherClient(
                                settings.dispatcher(),
                                settings.access().credentials(),
                                settings.connectTimeout(),
                                callbacks),
                        settings.payloadLimit(),
                        callbacks,
                        System::nanoTime);
        this.registered =
                new RegisteredFunctions(jobs.dispatcher(), bundler, settings.payloadLimit());
    }

    /**
     * The agents of a real cluster.
     *
     * @param bootstrapServers as {@code host:port}, with commas between them
     * @param kafkaProperties settings of the Kafka clients
     */
    public static Host of(
            String bootstrapServers,
            ClusterSettings settings,
            Map<String, String> kafkaProperties) {
        Slf4jNotice.silence();
        return new ClusterHost(
                new RealKafkaClients(
                        bootstrapServers,
                        settings.connectTimeout(),
                        settings.access(),
                        kafkaProperties),
                settings,
                InstantSource.system());
    }

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> submit(
            Callee<R> callee, @Nullable Object... arguments) {
        if (callee.options().retries().isPresent()) {
            return asJob(callee, arguments);
        }
        OutgoingCall call = prepared(callee).call(arguments);
        long size = call.arguments().bytes().length;
        inFlight.enter(size);
        CompletableFuture<R> result;
        try {
            result = connection().start(call);
        } catch (RuntimeException | Error e) {
            inFlight.leave(size);
            throw e;
        }
        inFlight.leaveAtEnd(result, size);
        return result;
    }

    /** What is to run again later waits at the dispatcher, so it is a job from the beginning. */
    private <R extends @Nullable Object> CompletableFuture<R> asJob(
            Callee<R> callee, @Nullable Object... arguments) {
        Job<R> job = submitJob(callee, arguments);
        CompletableFuture<R> result = job.resultAsync();
        var unused =
                result.whenCompleteAsync(
                        (value, failure) -> {
                            if (result.isCancelled()) {
                                job.cancel();
                            }
                        },
                        callbacks);
        return result;
    }

    @Override
    public <R extends @Nullable Object> Job<R> submitJob(
            Callee<R> callee, @Nullable Object... arguments) {
        return submitJob(callee, Optional.empty(), arguments);
    }

    @Override
    public <R extends @Nullable Object> Job<R> schedule(
            Callee<R> callee, Instant at, @Nullable Object... arguments) {
        return submitJob(callee, Optional.of(at), arguments);
    }

    private <R extends @Nullable Object> Job<R> submitJob(
            Callee<R> callee, Optional<Instant> at, @Nullable Object... arguments) {
        OutgoingCall call = prepared(callee).call(arguments);
        Sender.SignedJob job = connection().prepareJob(call, at);
        String id = jobs.dispatcher().submit(job.envelope(), callee.options().idempotencyKey(), at);
        return new ClusterJob<>(
                id,
                call.function().name(),
                () -> call.function().resultReader(call.bundles()),
                jobs);
    }

    @Override
    public <R extends @Nullable Object> Job<R> schedule(
            Callee<R> callee, Duration delay, @Nullable Object... arguments) {
        return schedule(callee, clock.instant().plus(delay), arguments);
    }

    @Override
    public Schedule schedule(Callee<?> callee, Cron cron, @Nullable Object... arguments) {
        OutgoingCall call = prepared(callee).call(arguments);
        Sender.SignedJob job = connection().prepareJob(call, Optional.empty());
        jobs.dispatcher().schedule(cron, job.envelope());
        return schedule(cron.name());
    }

    @Override
    public Schedule schedule(String name) {
        return new ClusterSchedule(name, jobs.dispatcher());
    }

    @Override
    public <R extends @Nullable Object> Job<R> job(Callee<R> callee, String id) {
        PackedFunction function = prepared(callee).packed();
        return new ClusterJob<>(checked(id), function.name(), function::resultReader, jobs);
    }

    @Override
    public Job<Object> job(String id, String... allowedResults) {
        ResultReader reader =
                new ResultReader(
                        Thread.currentThread().getContextClassLoader(),
                        Set.of(),
                        List.of(allowedResults));
        return new ClusterJob<>(checked(id), "the job " + id, () -> reader, jobs);
    }

    @Override
    public <R extends @Nullable Object> Job<R> submitJob(
            RegisteredFunction<R> function, @Nullable Object... arguments) {
        return job(function, registered.submit(function, arguments));
    }

    @Override
    public <R extends @Nullable Object> Job<R> job(RegisteredFunction<R> function, String id) {
        ResultReader thrown =
                new ResultReader(
                        Thread.currentThread().getContextClassLoader(), Set.of(), List.of());
        return new ClusterJob<>(
                checked(id),
                function.name(),
                jobs,
                (replies, reply) ->
                        replies.jsonResult(
                                reply, function.name(), function.resultType(), () -> thrown));
    }

    @Override
    public int deploy(String name, Method method, Options options) {
        return registered.deploy(name, method, options);
    }

    @Override
    public <R extends @Nullable Object> Batch<R> mapJob(
            Callee<R> callee, Iterator<@Nullable Object[]> arguments) {
        PreparedFunction function = prepared(callee);
        String id = connection().startBatch(function, arguments, jobs.dispatcher());
        return batch(id, function.packed());
    }

    @Override
    public <R extends @Nullable Object> Batch<R> batch(Callee<R> callee, String id) {
        return batch(checked(id), prepared(callee).packed());
    }

    private <R extends @Nullable Object> Batch<R> batch(String id, PackedFunction function) {
        return new ClusterBatch<>(id, function.name(), function::resultReader, jobs);
    }

    @Override
    public Batch<Object> batch(String id, String... allowedResults) {
        ResultReader reader =
                new ResultReader(
                        Thread.currentThread().getContextClassLoader(),
                        Set.of(),
                        List.of(allowedResults));
        return new ClusterBatch<>(checked(id), "the batch " + id, () -> reader, jobs);
    }

    private static String checked(String id) {
        if (!JOB_ID.matcher(id).matches()) {
            throw new InvalidOptionException("id", id, "the id of a job or a batch, a UUID");
        }
        return id;
    }

    private PreparedFunction prepared(Callee<?> callee) {
        return functions.computeIfAbsent(
                callee, missing -> PreparedFunction.of(missing, bundler, settings.payloadLimit()));
    }

    private ClusterConnection connection() {
        synchronized (lock) {
            if (closed) {
                throw new CancelledCallException("the client is closed");
            }
            if (connection != null && connection.isOpen()) {
                return connection;
            }
            if (connection != null) {
                connection.close();
                connection = null;
            }
            ClusterConnection opened = open();
            connection = opened;
            return opened;
        }
    }

    /** Calls that come one after the other must not each have the same key refused again. */
    private ClusterConnection open() {
        UnauthorizedException last = refusal;
        if (last != null && clock.instant().isBefore(refusedUntil)) {
            throw new UnauthorizedException(String.valueOf(last.getMessage()), last);
        }
        try {
            return ClusterConnection.open(kafka, settings, callbacks, clock);
        } catch (UnauthorizedException e) {
            refusal = e;
            refusedUntil = clock.instant().plus(REFUSED_FOR);
            throw e;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (connection != null) {
                connection.close();
                connection = null;
            }
        }
        callbacks.close();
    }

    @Override
    public String toString() {
        return "cloud(%s, tenant %s)".formatted(kafka.addresses(), settings.tenant());
    }
}
