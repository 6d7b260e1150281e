package dev.athanor.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What an isolated function runs with: defaults where no {@link Option} was given. The methods of
 * {@link Athanor} that make options say what each means. Immutable.
 */
public final class Options {
    static final Options DEFAULTS = new Options(Map.of());

    private final Map<Setting<?>, Object> values;

    private Options(Map<Setting<?>, Object> values) {
        this.values = values;
    }

    Options with(Option... options) {
        Map<Setting<?>, Object> merged = new HashMap<>(values);
        for (Option option : options) {
            merged.put(option.setting(), option.value());
        }
        return new Options(merged);
    }

    /**
     * As {@link #with}, but on another kind of host what was said about the machine of the former
     * one is forgotten.
     */
    Options on(Option... options) {
        Options merged = with(options);
        if (kind(merged.host()).equals(kind(host()))) {
            return merged;
        }
        Map<Setting<?>, Object> carried = new HashMap<>(values);
        carried.keySet().removeAll(Setting.OF_MACHINE);
        return new Options(carried).with(options);
    }

    private static Class<?> kind(Host host) {
        return host instanceof AthanorClient ? CloudHost.class : host.getClass();
    }

    public Optional<String> name() {
        return get(Setting.NAME);
    }

    public List<String> requirements() {
        return get(Setting.REQUIREMENTS);
    }

    /** Each as {@code id::url} or {@code url}. */
    public List<String> repositories() {
        return get(Setting.REPOSITORIES);
    }

    /** SHA-256 in hexadecimal digits by coordinate. */
    public Map<String, String> checksums() {
        return get(Setting.CHECKSUMS);
    }

    public boolean rebuild() {
        return get(Setting.REBUILD);
    }

    /** Names of the secrets that the function finds in its environment. */
    public List<String> secrets() {
        return get(Setting.SECRETS);
    }

    /** Whether the function may reach anything outside of its sandbox. */
    public boolean network() {
        return get(Setting.NETWORK);
    }

    public String machineType() {
        return get(Setting.MACHINE_TYPE);
    }

    public OutOfMemoryPolicy onOutOfMemory() {
        return get(Setting.ON_OUT_OF_MEMORY);
    }

    public Duration keepAlive() {
        return get(Setting.KEEP_ALIVE);
    }

    public Duration timeout() {
        return get(Setting.TIMEOUT);
    }

    public Duration queueTimeout() {
        return get(Setting.QUEUE_TIMEOUT);
    }

    public WhenUnserved whenUnserved() {
        return get(Setting.WHEN_UNSERVED);
    }

    public Duration startTimeout() {
        return get(Setting.START_TIMEOUT);
    }

    public Duration buildTimeout() {
        return get(Setting.BUILD_TIMEOUT);
    }

    public Optional<Duration> waitAtMost() {
        return get(Setting.WAIT_AT_MOST);
    }

    /** Empty: for as long as the dispatcher does by default. */
    public Optional<Duration> keepResult() {
        return get(Setting.KEEP_RESULT);
    }

    /** Empty: as long as all of its other limits together. */
    public Optional<Duration> deadline() {
        return get(Setting.DEADLINE);
    }

    /** Empty: a job ends with its first attempt. */
    public Optional<RetryPolicy> retries() {
        return get(Setting.RETRIES);
    }

    /** Empty: a job is a new one each time. */
    public Optional<String> idempotencyKey() {
        return get(Setting.IDEMPOTENCY_KEY);
    }

    /** The address that is told of a job's end. */
    public Optional<String> webhook() {
        return get(Setting.WEBHOOK);
    }

    public int maxInFlight() {
        return get(Setting.MAX_IN_FLIGHT);
    }

    public List<Class<?>> includedClasses() {
        return get(Setting.INCLUDED_CLASSES);
    }

    public List<Path> includedPaths() {
        return get(Setting.INCLUDED_PATHS);
    }

    public List<String> allowedResults() {
        return get(Setting.ALLOWED_RESULTS);
    }

    public LogListener logs() {
        return get(Setting.LOGS);
    }

    public Consumer<CallInfo> onEnd() {
        return get(Setting.ON_END);
    }

    public Optional<CloudKeyCredentials> credentials() {
        return get(Setting.CREDENTIALS);
    }

    public Host host() {
        return get(Setting.HOST);
    }

    /** A setting's values are of its type: {@link Setting#to} makes all of them. */
    @SuppressWarnings("unchecked")
    private <T> T get(Setting<T> setting) {
        return (T) values.getOrDefault(setting, setting.fallback());
    }

    /** The options that were given. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> new Option(entry.getKey(), entry.getValue()).toString())
                .sorted()
                .toList()
                .toString();
    }
}
