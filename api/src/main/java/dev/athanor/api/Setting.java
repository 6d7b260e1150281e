package dev.athanor.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An option's name, default and legal values; compared by identity. */
final class Setting<T> {
    private static final Duration INSTANT = Duration.ofMillis(1);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration YEAR = Duration.ofDays(365);

    static final Setting<Optional<String>> NAME = optional("name", Legal.text());
    static final Setting<List<String>> REQUIREMENTS =
            new Setting<>("requirements", List.of(), Legal.coordinates());
    static final Setting<List<String>> REPOSITORIES =
            new Setting<>("repositories", List.of(), Legal.repositories());
    static final Setting<Map<String, String>> CHECKSUMS =
            new Setting<>("checksums", Map.of(), Legal.checksums());
    static final Setting<Boolean> REBUILD = new Setting<>("rebuild", false, Legal.anything());
    static final Setting<Boolean> NETWORK = new Setting<>("network", true, Legal.anything());
    static final Setting<List<String>> SECRETS =
            new Setting<>("secrets", List.of(), Legal.secretNames());
    static final Setting<String> MACHINE_TYPE =
            new Setting<>("machineType", Athanor.XS, Legal.topicPart());
    static final Setting<OutOfMemoryPolicy> ON_OUT_OF_MEMORY =
            new Setting<>("onOutOfMemory", OutOfMemoryPolicy.fail(), Legal.anything());
    static final Setting<Duration> KEEP_ALIVE =
            new Setting<>(
                    "keepAlive", Duration.ofSeconds(10), Legal.durations(Duration.ZERO, YEAR));
    static final Setting<Duration> TIMEOUT =
            new Setting<>("timeout", Duration.ofMinutes(5), Legal.durations(INSTANT, WEEK));
    static final Setting<Duration> QUEUE_TIMEOUT =
            new Setting<>("queueTimeout", Duration.ofHours(1), Legal.durations(INSTANT, WEEK));
    static final Setting<WhenUnserved> WHEN_UNSERVED =
            new Setting<>("whenUnserved", WhenUnserved.WAIT, Legal.anything());
    static final Setting<Duration> START_TIMEOUT =
            new Setting<>("startTimeout", Duration.ofMinutes(2), Legal.durations(INSTANT, WEEK));
    static final Setting<Duration> BUILD_TIMEOUT =
            new Setting<>("buildTimeout", Duration.ofMinutes(10), Legal.durations(INSTANT, WEEK));
    static final Setting<Optional<Duration>> WAIT_AT_MOST =
            optional("waitAtMost", Legal.durations(INSTANT, YEAR));
    static final Setting<Optional<Duration>> KEEP_RESULT =
            optional("keepResult", Legal.durations(INSTANT, MONTH));
    static final Setting<Optional<Duration>> DEADLINE =
            optional("deadline", Legal.durations(INSTANT, MONTH));
    static final Setting<Optional<RetryPolicy>> RETRIES = optional("retries", Legal.anything());
    static final Setting<Optional<String>> IDEMPOTENCY_KEY =
            optional("idempotencyKey", Legal.idempotencyKey());
    static final Setting<String> FUNCTION_NAME =
            new Setting<>("function", "", Legal.functionName());
    static final Setting<Integer> FUNCTION_VERSION =
            new Setting<>("version", 1, Legal.integers(1, Integer.MAX_VALUE));
    static final Setting<Optional<String>> WEBHOOK = optional("webhook", Legal.httpAddress());
    static final Setting<Integer> MAX_IN_FLIGHT =
            new Setting<>("maxInFlight", 256, Legal.integers(1, 100_000));
    static final Setting<List<Class<?>>> INCLUDED_CLASSES =
            new Setting<>("include", List.of(), Legal.each("classes", type -> true));
    static final Setting<List<Path>> INCLUDED_PATHS =
            new Setting<>("include", List.of(), Legal.each("jars or folders", path -> true));
    static final Setting<List<String>> ALLOWED_RESULTS =
            new Setting<>("allowResult", List.of(), Legal.classPatterns());
    static final Setting<LogListener> LOGS =
            new Setting<>("logs", LogListener.console(), Legal.anything());
    static final Setting<Consumer<CallInfo>> ON_END =
            new Setting<>("onEnd", info -> {}, Legal.anything());
    static final Setting<Optional<CloudKeyCredentials>> CREDENTIALS =
            optional("credentials", Legal.anything());
    static final Setting<Host> HOST = new Setting<>("host", CloudHost.INSTANCE, Legal.anything());

    /** Those that say what the machine is to be, as opposed to the function. */
    static final Set<Setting<?>> OF_MACHINE = Set.of(MACHINE_TYPE, KEEP_ALIVE);

    private final String name;
    private final T fallback;
    private final Legal<T> legal;

    static <V> Setting<V> of(String name, V fallback, Legal<V> legal) {
        return new Setting<>(name, fallback, legal);
    }

    private Setting(String name, T fallback, Legal<T> legal) {
        this.name = name;
        this.fallback = fallback;
        this.legal = legal;
    }

    private static <V> Setting<Optional<V>> optional(String name, Legal<V> legal) {
        return new Setting<>(
                name,
                Optional.empty(),
                new Legal<>(
                        legal.description(),
                        value -> value.isPresent() && legal.test().test(value.get())));
    }

    String name() {
        return name;
    }

    T fallback() {
        return fallback;
    }

    Option to(@Nullable T value) {
        if (value == null || !legal.test().test(value)) {
            throw new InvalidOptionException(name, text(value), legal.description());
        }
        return new Option(this, value);
    }

    static String text(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return text(optional.orElse(null));
        }
        if (value instanceof List<?> list) {
            String joined = list.toString();
            return joined.substring(1, joined.length() - 1);
        }
        return value instanceof Duration duration ? Legal.text(duration) : String.valueOf(value);
    }
}
