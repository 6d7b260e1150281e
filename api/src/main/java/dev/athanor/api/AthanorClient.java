package dev.athanor.api;

import dev.athanor.api.internal.cluster.Access;
import dev.athanor.api.internal.cluster.ClusterHost;
import dev.athanor.api.internal.cluster.ClusterSettings;
import dev.athanor.schemas.keys.Profile;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a cluster of agents, for callers that need more than {@link Athanor#cloud()}:
 * other clusters, tenants or settings, and a moment to close it.
 *
 * {@snippet :
 * try (AthanorClient client = AthanorClient.builder().bootstrapServers("kafka:9092").build()) {
 *     hello.on(host(cloud(client))).call();
 * }
 * }
 *
 * <p>Connects when it is first needed, and again after a failure. Safe for any number of threads.
 * Its own threads are daemons.
 */
public final class AthanorClient implements Host {
    /** What a client does with a call for which it has no room. */
    public enum WhenFull {
        /** It waits until an earlier call has ended; the default. */
        BLOCK,
        /** It ends with {@link TooManyCallsException}. */
        FAIL
    }

    private final Host cluster;

    private AthanorClient(Host cluster) {
        this.cluster = cluster;
    }

    public static Builder builder() {
        return new Builder(System.getenv());
    }

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> submit(
            Callee<R> callee, @Nullable Object... arguments) {
        return cluster.submit(callee, arguments);
    }

    @Override
    public <R extends @Nullable Object> Job<R> submitJob(
            Callee<R> callee, @Nullable Object... arguments) {
        return cluster.submitJob(callee, arguments);
    }

    @Override
    public <R extends @Nullable Object> Job<R> schedule(
            Callee<R> callee, Instant at, @Nullable Object... arguments) {
        return cluster.schedule(callee, at, arguments);
    }

    @Override
    public <R extends @Nullable Object> Job<R> schedule(
            Callee<R> callee, Duration delay, @Nullable Object... arguments) {
        return cluster.schedule(callee, delay, arguments);
    }

    @Override
    public Schedule schedule(Callee<?> callee, Cron cron, @Nullable Object... arguments) {
        return cluster.schedule(callee, cron, arguments);
    }

    @Override
    public Schedule schedule(String name) {
        return cluster.schedule(name);
    }

    @Override
    public <R extends @Nullable Object> Job<R> job(Callee<R> callee, String id) {
        return cluster.job(callee, id);
    }

    @Override
    public Job<Object> job(String id, String... allowedResults) {
        return cluster.job(id, allowedResults);
    }

    @Override
    public <R extends @Nullable Object> Job<R> submitJob(
            RegisteredFunction<R> function, @Nullable Object... arguments) {
        return cluster.submitJob(function, arguments);
    }

    @Override
    public <R extends @Nullable Object> Job<R> job(RegisteredFunction<R> function, String id) {
        return cluster.job(function, id);
    }

    /** The function that is registered under a name. */
    public <R> RegisteredFunction<R> function(String name, Class<R> result) {
        return RegisteredFunction.of(this, name, result);
    }

    @Override
    public int deploy(String name, Method method, Options options) {
        return cluster.deploy(name, method, options);
    }

    /**
     * Registers a method under a name, as {@link IsolatedFunction1#deploy} does, with the options
     * of its annotation and those given, which win.
     *
     * @param method a static one
     * @return the version
     */
    public int deploy(String name, Method method, Option... options) {
        Setting.FUNCTION_NAME.to(name);
        Isolated annotation = method.getAnnotation(Isolated.class);
        Option[] annotated =
                annotation == null
                        ? new Option[0]
                        : AnnotatedOptions.of(annotation).toArray(Option[]::new);
        return deploy(name, method, Options.DEFAULTS.with(annotated).with(options));
    }

    @Override
    public <R extends @Nullable Object> Batch<R> mapJob(
            Callee<R> callee, Iterator<@Nullable Object[]> arguments) {
        return cluster.mapJob(callee, arguments);
    }

    @Override
    public <R extends @Nullable Object> Batch<R> batch(Callee<R> callee, String id) {
        return cluster.batch(callee, id);
    }

    @Override
    public Batch<Object> batch(String id, String... allowedResults) {
        return cluster.batch(id, allowedResults);
    }

    /**
     * Cancels the calls under way, which end with {@link CancelledCallException}, and frees threads
     * and connections; waits at most a few seconds for the cluster. To keep their results, wait for
     * the futures first.
     */
    @Override
    public void close() {
        cluster.close();
    }

    @Override
    public String toString() {
        return cluster.toString();
    }

    /** Settings of a client; each has a default. Not for use by several threads. */
    public static final class Builder {
        private static final Setting<String> BOOTSTRAP_SERVERS =
                Setting.of("bootstrapServers", "localhost:9092", Legal.text());
        private static final Setting<String> DISPATCHER =
                Setting.of("dispatcher", "http://localhost:8700", Legal.httpAddress());
        private static final Setting<String> TENANT =
                Setting.of("tenant", "default", Legal.topicPart());
        private static final Setting<Duration> CONNECT_TIMEOUT =
                Setting.of(
                        "connectTimeout",
                        Duration.ofSeconds(10),
                        Legal.durations(Duration.ofMillis(1), Duration.ofHours(1)));

        private static final Setting<Long> PAYLOAD_LIMIT =
                Setting.of("payloadLimit", 64L << 20, Legal.longs(1, 1L << 30));
        private static final Setting<Integer> MAX_IN_FLIGHT =
                Setting.of("maxInFlight", 10_000, Legal.integers(1, 10_000_000));
        private static final Setting<Long> MAX_IN_FLIGHT_BYTES =
                Setting.of(
                        "maxInFlightBytes",
                        Math.max(1, Runtime.getRuntime().maxMemory() / 8),
                        Legal.longs(1, Long.MAX_VALUE));
        private static final Setting<WhenFull> WHEN_FULL =
                Setting.of("whenFull", WhenFull.BLOCK, Legal.anything());

        private final Map<String, String> environment;
        private String bootstrapServers;
        private String dispatcher;
        private @Nullable String tenant;
        private @Nullable CloudKeyCredentials credentials;
        private @Nullable Path authority;
        private Duration connectTimeout = CONNECT_TIMEOUT.fallback();
        private long payloadLimit;
        private int maxInFlight;
        private long maxInFlightBytes;
        private WhenFull whenFull;
        private final Map<String, String> kafkaProperties = new HashMap<>();

        private Builder(Map<String, String> environment) {
            this.environment = environment;
            bootstrapServers =
                    environment.getOrDefault(
                            "ATHANOR_BOOTSTRAP_SERVERS", BOOTSTRAP_SERVERS.fallback());
            dispatcher = environment.getOrDefault("ATHANOR_DISPATCHER_URL", DISPATCHER.fallback());
            tenant = environment.get("ATHANOR_TENANT");
            payloadLimit = number(environment, "ATHANOR_PAYLOAD_LIMIT", PAYLOAD_LIMIT.fallback());
            maxInFlight =
                    (int)
                            Math.min(
                                    Integer.MAX_VALUE,
                                    number(
                                            environment,
                                            "ATHANOR_MAX_IN_FLIGHT",
                                            MAX_IN_FLIGHT.fallback()));
            maxInFlightBytes =
                    number(
                            environment,
                            "ATHANOR_MAX_IN_FLIGHT_BYTES",
                            MAX_IN_FLIGHT_BYTES.fallback());
            whenFull = whenFull(environment);
        }

        /**
         * Addresses of Kafka as {@code host:port}, with commas between them; default the
         * environment variable {@code ATHANOR_BOOTSTRAP_SERVERS}, else {@code localhost:9092}.
         */
        public Builder bootstrapServers(String addresses) {
            this.bootstrapServers = addresses;
            return this;
        }

        /**
         * Where the cluster's dispatcher answers HTTP, for {@linkplain Job jobs}; default the
         * environment variable {@code ATHANOR_DISPATCHER_URL}, else {@code http://localhost:8700}.
         */
        public Builder dispatcher(URI address) {
            this.dispatcher = address.toString();
            return this;
        }

        /**
         * Whose functions these are; default the environment variable {@code ATHANOR_TENANT}, else
         * the tenant of the {@linkplain #credentials key}, else {@code default}.
         */
        public Builder tenant(String tenant) {
            this.tenant = tenant;
            return this;
        }

        /**
         * The key that a cluster with credentials asks for; default the environment variables
         * {@code ATHANOR_KEY_ID} and {@code ATHANOR_KEY_SECRET}, else the profile file, else none.
         */
        public Builder credentials(CloudKeyCredentials key) {
            this.credentials = key;
            return this;
        }

        /**
         * A file of certificates, in PEM, by whose authorities the cluster's are signed; default
         * the environment variable {@code ATHANOR_CA}, else {@code ca} in the profile file, else
         * those that the JVM trusts. Without a key it is not needed.
         */
        public Builder certificateAuthority(Path file) {
            this.authority = file;
            return this;
        }

        /** Longest wait for the cluster when connecting; default 10 s, at most 1 hour. */
        public Builder connectTimeout(Duration limit) {
            this.connectTimeout = limit;
            return this;
        }

        /**
         * Largest arguments and largest result of a call, in bytes; default the environment
         * variable {@code ATHANOR_PAYLOAD_LIMIT}, else 64 MiB; at most 1 GiB. Agents have a limit
         * of their own. What exceeds it fails with {@link TooLargeException}.
         */
        public Builder payloadLimit(long bytes) {
            this.payloadLimit = bytes;
            return this;
        }

        /**
         * How many calls this client may have under way, those of {@code map} included; default the
         * environment variable {@code ATHANOR_MAX_IN_FLIGHT}, else 10,000; 1 to 10,000,000. What
         * becomes of a call beyond that says {@link #whenFull}.
         */
        public Builder maxInFlight(int calls) {
            this.maxInFlight = calls;
            return this;
        }

        /**
         * How many bytes of arguments these calls may hold; default the environment variable {@code
         * ATHANOR_MAX_IN_FLIGHT_BYTES}, else an eighth of the largest heap: until it is written, a
         * call takes up to three times the size of its arguments. A call that is alone is not
         * refused for its size.
         */
        public Builder maxInFlightBytes(long bytes) {
            this.maxInFlightBytes = bytes;
            return this;
        }

        /**
         * Whether a call for which there is no room waits, on the thread that makes it, or fails;
         * default the environment variable {@code ATHANOR_WHEN_FULL}, else {@link WhenFull#BLOCK}.
         */
        public Builder whenFull(WhenFull policy) {
            this.whenFull = policy;
            return this;
        }

        private static long number(Map<String, String> environment, String name, long fallback) {
            String value = environment.getOrDefault(name, "");
            if (value.isBlank()) {
                return fallback;
            }
            if (!value.matches("\\d{1,18}")) {
                throw new InvalidOptionException(name, value, "a whole number");
            }
            return Long.parseLong(value);
        }

        private static WhenFull whenFull(Map<String, String> environment) {
            String value = environment.getOrDefault("ATHANOR_WHEN_FULL", "");
            for (WhenFull policy : WhenFull.values()) {
                if (policy.name().equalsIgnoreCase(value.trim())) {
                    return policy;
                }
            }
            if (value.isBlank()) {
                return WHEN_FULL.fallback();
            }
            throw new InvalidOptionException("ATHANOR_WHEN_FULL", value, "block or fail");
        }

        /** A setting of the Kafka clients, for instance of TLS or SASL. */
        public Builder kafkaProperty(String key, String value) {
            kafkaProperties.put(key, value);
            return this;
        }

        /**
         * Makes the client, which does not connect yet.
         *
         * @throws InvalidOptionException when a setting has a value that it cannot have
         * @throws UnauthorizedException when the process was given half a key
         * @throws InvalidFunctionException inside an isolated function, from which only {@link
         *     Athanor#cloud()} and {@link Athanor#local()} lead on
         */
        public AthanorClient build() {
            if (Nesting.isInside()) {
                throw new InvalidFunctionException(
                        "an isolated function has no client of its own: call others without"
                                + " host(…), and they run where it runs");
            }
            BOOTSTRAP_SERVERS.to(bootstrapServers);
            DISPATCHER.to(dispatcher);
            Access access =
                    Access.find(
                            credentials,
                            authority,
                            new Profile(environment, Path.of(System.getProperty("user.home"))));
            String owner = tenant == null ? access.tenant().orElseGet(TENANT::fallback) : tenant;
            TENANT.to(owner);
            CONNECT_TIMEOUT.to(connectTimeout);
            PAYLOAD_LIMIT.to(payloadLimit);
            MAX_IN_FLIGHT.to(maxInFlight);
            MAX_IN_FLIGHT_BYTES.to(maxInFlightBytes);
            WHEN_FULL.to(whenFull);
            ClusterSettings settings =
                    new ClusterSettings(
                            owner,
                            connectTimeout,
                            payloadLimit,
                            maxInFlight,
                            maxInFlightBytes,
                            whenFull == WhenFull.FAIL,
                            access,
                            URI.create(dispatcher));
            return new AthanorClient(ClusterHost.of(bootstrapServers, settings, kafkaProperties));
        }
    }
}
