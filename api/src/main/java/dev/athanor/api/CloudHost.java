package dev.athanor.api;

import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The process's own clients, each made when it is first needed: one for each key that was given in
 * code, and one that looks for its key in the environment.
 */
final class CloudHost implements Host {
    static final CloudHost INSTANCE = new CloudHost(Optional.empty(), new ConcurrentHashMap<>());

    private final Optional<CloudKeyCredentials> credentials;
    private final Map<Optional<CloudKeyCredentials>, AthanorClient> clients;

    private CloudHost(
            Optional<CloudKeyCredentials> credentials,
            Map<Optional<CloudKeyCredentials>, AthanorClient> clients) {
        this.credentials = credentials;
        this.clients = clients;
    }

    /** The same agents, by a key. */
    CloudHost with(CloudKeyCredentials given) {
        return new CloudHost(Optional.of(given), clients);
    }

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> submit(
            Callee<R> callee, @Nullable Object... arguments) {
        if (Nesting.isInside()) {
            return Nesting.wayOut().submit(callee, arguments);
        }
        return client(callee).submit(callee, arguments);
    }

    @Override
    public <R extends @Nullable Object> Job<R> submitJob(
            Callee<R> callee, @Nullable Object... arguments) {
        return client(callee).submitJob(callee, arguments);
    }

    @Override
    public <R extends @Nullable Object> Job<R> schedule(
            Callee<R> callee, Instant at, @Nullable Object... arguments) {
        return client(callee).schedule(callee, at, arguments);
    }

    @Override
    public <R extends @Nullable Object> Job<R> schedule(
            Callee<R> callee, Duration delay, @Nullable Object... arguments) {
        return client(callee).schedule(callee, delay, arguments);
    }

    @Override
    public Schedule schedule(Callee<?> callee, Cron cron, @Nullable Object... arguments) {
        return client(callee).schedule(callee, cron, arguments);
    }

    @Override
    public Schedule schedule(String name) {
        return client(credentials).schedule(name);
    }

    @Override
    public <R extends @Nullable Object> Job<R> job(Callee<R> callee, String id) {
        return client(callee).job(callee, id);
    }

    @Override
    public Job<Object> job(String id, String... allowedResults) {
        return client(credentials).job(id, allowedResults);
    }

    @Override
    public <R extends @Nullable Object> Job<R> submitJob(
            RegisteredFunction<R> function, @Nullable Object... arguments) {
        return client(credentials).submitJob(function, arguments);
    }

    @Override
    public <R extends @Nullable Object> Job<R> job(RegisteredFunction<R> function, String id) {
        return client(credentials).job(function, id);
    }

    @Override
    public int deploy(String name, Method method, Options options) {
        return client(options).deploy(name, method, options);
    }

    @Override
    public <R extends @Nullable Object> Batch<R> mapJob(
            Callee<R> callee, Iterator<@Nullable Object[]> arguments) {
        return client(callee).mapJob(callee, arguments);
    }

    @Override
    public <R extends @Nullable Object> Batch<R> batch(Callee<R> callee, String id) {
        return client(callee).batch(callee, id);
    }

    @Override
    public Batch<Object> batch(String id, String... allowedResults) {
        return client(credentials).batch(id, allowedResults);
    }

    private AthanorClient client(Callee<?> callee) {
        return client(callee.options());
    }

    private AthanorClient client(Options options) {
        return client(options.credentials().or(() -> credentials));
    }

    private AthanorClient client(Optional<CloudKeyCredentials> key) {
        return clients.computeIfAbsent(key, CloudHost::open);
    }

    private static AthanorClient open(Optional<CloudKeyCredentials> key) {
        AthanorClient.Builder builder = AthanorClient.builder();
        key.ifPresent(builder::credentials);
        return builder.build();
    }

    @Override
    public String toString() {
        return "cloud(" + credentials.map(Record::toString).orElse("") + ")";
    }
}
