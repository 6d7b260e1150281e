package dev.athanor.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** The options of {@link Athanor}, which has them so that one static import brings everything. */
abstract sealed class OptionForms extends DataForms permits Athanor {
    OptionForms() {}

    /** A name for people: logs, metrics and messages. Default: the method's. */
    public static Option name(String name) {
        return Setting.NAME.to(Optional.ofNullable(name));
    }

    /**
     * What the function needs beside the caller's own classes, as Maven coordinates {@code
     * group:artifact:version}, with what these need in turn. The caller's class path needs them
     * only to compile.
     *
     * @param coordinates in class path order; {@code group:artifact:extension:version} and {@code
     *     group:artifact:extension:classifier:version} work as well
     */
    public static Option requirements(String... coordinates) {
        return Setting.REQUIREMENTS.to(list(Setting.REQUIREMENTS, coordinates));
    }

    /**
     * Where requirements are looked for beside the agents' own repositories.
     *
     * @param addresses each as {@code https://host/path}, or as {@code id::https://host/path} where
     *     agents hold credentials for the server {@code id}
     */
    public static Option repositories(String... addresses) {
        return Setting.REPOSITORIES.to(list(Setting.REPOSITORIES, addresses));
    }

    /**
     * SHA-256 of artifacts, as 64 hexadecimal digits by coordinate: the build fails where the
     * repository serves another file. What requirements need in turn can be pinned as well.
     */
    public static Option checksums(Map<String, String> sha256ByCoordinate) {
        return Setting.CHECKSUMS.to(
                Collections.unmodifiableMap(new LinkedHashMap<>(sha256ByCoordinate)));
    }

    /**
     * Whether each call has the environment built anew, even where it exists; default false. Calls
     * of other functions keep the former one until they end.
     */
    public static Option rebuild(boolean anew) {
        return Setting.REBUILD.to(anew);
    }

    /**
     * Secrets that the function finds as environment variables of these names, as they were set for
     * the tenant by {@code athanor secrets set}; on {@link Athanor#local()}, as the caller's own
     * environment has them. A call that names one which is not set is refused. Functions with
     * different secrets share no sandbox; one that is changed reaches new sandboxes.
     */
    public static Option secrets(String... names) {
        return Setting.SECRETS.to(list(Setting.SECRETS, names));
    }

    /**
     * What the function may reach; default {@link #outbound()}. Functions with different networks
     * share no sandbox. Agents that cannot keep a function from the network refuse one that asks
     * for {@link #none()}.
     */
    public static Option network(NetworkAccess access) {
        return access == null ? Setting.NETWORK.to(null) : Setting.NETWORK.to(access.outbound());
    }

    /**
     * For {@link #network}: what lies outside, but where the agent's isolation can hold it neither
     * the machine that the function runs on, nor the cluster, nor the metadata of clouds.
     */
    public static NetworkAccess outbound() {
        return NetworkAccess.OUTBOUND;
    }

    /** For {@link #network}: nothing but the function's own sandbox. */
    public static NetworkAccess none() {
        return NetworkAccess.NONE;
    }

    /**
     * The machine that the function runs on; default {@link Athanor#XS}. Operators may offer
     * further ones: a name that none offers is refused by the call.
     */
    public static Option machineType(String name) {
        return Setting.MACHINE_TYPE.to(name);
    }

    /**
     * What becomes of a call that runs out of the memory of its machine type; default {@link
     * OutOfMemoryPolicy#fail()}, which ends it with {@link SandboxDiedException}.
     */
    public static Option onOutOfMemory(OutOfMemoryPolicy policy) {
        return Setting.ON_OUT_OF_MEMORY.to(policy);
    }

    /**
     * For {@link #onOutOfMemory}: the call is run again on the next larger machine type that there
     * is, up to {@value OutOfMemoryPolicy#DEFAULT_ESCALATIONS} times. What the function did before
     * it ran out of memory is done again; {@link CallInfo#escalatedFrom()} tells where it was.
     */
    public static OutOfMemoryPolicy escalate() {
        return escalate(OutOfMemoryPolicy.DEFAULT_ESCALATIONS);
    }

    /**
     * {@link #escalate()} up to that often.
     *
     * @param times 1 to {@value OutOfMemoryPolicy#MOST_ESCALATIONS}
     */
    public static OutOfMemoryPolicy escalate(int times) {
        return OutOfMemoryPolicy.escalate(times);
    }

    /**
     * How long the environment stays hot after a call ends, so that the next one need not wait for
     * it; default 10 s, at most 365 days, 0: not at all. Every call starts it anew. Functions that
     * share an environment share its life: it ends when the last of their times is over.
     */
    public static Option keepAlive(Duration duration) {
        return Setting.KEEP_ALIVE.to(duration);
    }

    /** {@link #keepAlive(Duration)} in seconds. */
    public static Option keepAlive(long seconds) {
        return keepAlive(Duration.ofSeconds(seconds));
    }

    /**
     * Longest run of the function, without queue, build and start; default 300 s, at most 7 days.
     * It is interrupted then, and killed if that does not end it.
     */
    public static Option timeout(Duration limit) {
        return Setting.TIMEOUT.to(limit);
    }

    /** Longest wait for an agent with room; default 1 hour, at most 7 days. */
    public static Option queueTimeout(Duration limit) {
        return Setting.QUEUE_TIMEOUT.to(limit);
    }

    /**
     * What becomes of a call when no live agent serves the machine type; default {@link
     * WhenUnserved#WAIT}: a line tells so at once, and it waits. With {@link WhenUnserved#FAIL} it
     * is refused at once with {@link UnservedException}, and so ends a call that was sent, when the
     * last agent of its machine type is gone. Where no dispatcher runs, and on {@link
     * Athanor#local()}, it means nothing.
     */
    public static Option whenUnserved(WhenUnserved policy) {
        return Setting.WHEN_UNSERVED.to(policy);
    }

    /**
     * How long the result of a {@linkplain Job job} is kept once it has ended; default 7 days, at
     * most 30. Means nothing to other calls.
     */
    public static Option keepResult(Duration time) {
        return Setting.KEEP_RESULT.to(Optional.of(time));
    }

    /**
     * Longest time from a call to its end, with all that it waits for and all of its attempts; at
     * most 30 days. No attempt begins after it, and one that runs then is interrupted. Default: as
     * long as all other limits together.
     */
    public static Option deadline(Duration limit) {
        return Setting.DEADLINE.to(Optional.ofNullable(limit));
    }

    /**
     * When a call runs again because of what its function did; default: never. Attempts that are
     * lost to dying agents are counted apart. {@link CallContext#attempt()} tells a function which
     * attempt it is.
     *
     * <p>The next attempt waits in the dispatcher's database, whatever becomes of the caller: so a
     * call of such a function is submitted as a {@linkplain Job job} and waited for, its lines are
     * kept with the job and do not go to {@link #logs}, and {@link #onEnd} is told nothing. On
     * {@link Athanor#local()}, and where one function calls another, it means nothing: those are
     * called once.
     */
    public static Option retries(RetryPolicy policy) {
        return Setting.RETRIES.to(Optional.ofNullable(policy));
    }

    /**
     * {@link #retries(RetryPolicy)} with the defaults that {@link RetryPolicy} says.
     *
     * @param times how often it runs again at most: 1 to 99
     */
    public static Option retries(int times) {
        return retries(RetryPolicy.attempts(retryAttempts(times)));
    }

    private static int retryAttempts(int times) {
        if (times < 1 || times >= RetryPolicy.MOST_ATTEMPTS) {
            throw new InvalidOptionException(
                    Setting.RETRIES.name(), "%,d".formatted(times), "1 to 99 times");
        }
        return times + 1;
    }

    /**
     * Makes a {@linkplain Job job} one job however often it is submitted: under the same key, a
     * function has one within 24 hours, which whoever submits it again gets. With other arguments,
     * code or options it is refused. Give it to the one call that it is for:
     *
     * {@snippet :
     * ship.on(idempotencyKey("order-17")).submitJob(order);
     * }
     *
     * <p>Means nothing to other calls.
     *
     * @param key 1 to 255 characters of ASCII, without spaces
     */
    public static Option idempotencyKey(String key) {
        return Setting.IDEMPOTENCY_KEY.to(Optional.of(key));
    }

    /**
     * An address that is told when a {@linkplain Job job} has ended, by a signed POST of JSON, up
     * to ten times over two hours until it takes it; default: none. Means nothing to other calls.
     * Of private networks only where the dispatcher's operator allows that.
     */
    public static Option webhook(String address) {
        return Setting.WEBHOOK.to(Optional.ofNullable(address));
    }

    /** Longest start of a sandbox, with the wait for room; default 120 s, at most 7 days. */
    public static Option startTimeout(Duration limit) {
        return Setting.START_TIMEOUT.to(limit);
    }

    /** Longest build of the environment; default 600 s, at most 7 days. */
    public static Option buildTimeout(Duration limit) {
        return Setting.BUILD_TIMEOUT.to(limit);
    }

    /**
     * Longest wait of {@code call}, and of {@code map} for its next result; default: until the call
     * ends. The wait then ends with {@link CallerWaitException}, while the call goes on.
     */
    public static Option waitAtMost(Duration limit) {
        return Setting.WAIT_AT_MOST.to(Optional.ofNullable(limit));
    }

    /** How many calls of one {@code map} are under way at a time; default 256, 1 to 100,000. */
    public static Option maxInFlight(int calls) {
        return Setting.MAX_IN_FLIGHT.to(calls);
    }

    /** Classes to send along that the function reaches by reflection only. */
    public static Option include(Class<?>... classes) {
        return Setting.INCLUDED_CLASSES.to(list(Setting.INCLUDED_CLASSES, classes));
    }

    /** Jars and folders of classes and resources to send along, whole. */
    public static Option include(Path... jarsOrFolders) {
        return Setting.INCLUDED_PATHS.to(list(Setting.INCLUDED_PATHS, jarsOrFolders));
    }

    /**
     * Classes to accept in results and exceptions, beside those that were sent with the function
     * and those of {@code java.lang}, {@code java.util}, {@code java.time} and {@code java.math}.
     *
     * @param patterns each as {@code com.acme.Order}, {@code com.acme.*} for a package or {@code
     *     com.acme.**} for it and those below it
     */
    public static Option allowResult(String... patterns) {
        return Setting.ALLOWED_RESULTS.to(list(Setting.ALLOWED_RESULTS, patterns));
    }

    /** Who gets the lines of calls; default {@link LogListener#console()}. */
    public static Option logs(LogListener listener) {
        return Setting.LOGS.to(listener);
    }

    /**
     * Who is told how each call went, before its result is there: its attempts, its agent, and
     * where the time went. What it throws is ignored. Default: nobody.
     */
    public static Option onEnd(Consumer<CallInfo> listener) {
        return Setting.ON_END.to(listener);
    }

    /**
     * The key by which {@link Athanor#cloud()} is called; default that of the environment, see
     * {@link CloudKeyCredentials}. A function that runs locally needs none, and a client that is
     * given as the host has its own.
     */
    public static Option credentials(CloudKeyCredentials key) {
        return Setting.CREDENTIALS.to(Optional.ofNullable(key));
    }

    /** Where the function runs; default {@link Athanor#cloud()}. */
    public static Option host(Host host) {
        return Setting.HOST.to(host);
    }

    private static <T> List<T> list(Setting<List<T>> setting, T[] values) {
        if (Arrays.stream(values).anyMatch(Objects::isNull)) {
            setting.to(Arrays.asList(values));
        }
        return List.of(values);
    }
}
