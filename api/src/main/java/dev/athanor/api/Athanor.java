package dev.athanor.api;

import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Marks functions as isolated and says what they run with. Made for a static import:
 *
 * {@snippet :
 * import static dev.athanor.api.Athanor.*;
 *
 * IsolatedFunction<String> hello = isolated(() -> "Hello World");
 * hello.call(); // runs on an agent, returns here
 *
 * var shout =
 *         isolated(
 *                 Text::shout,
 *                 requirements("org.apache.commons:commons-text:1.13.0"),
 *                 machineType(M));
 * shout.call("hello");
 * shout.on(keepAlive(60), machineType(L)).call("hello again");
 * }
 *
 * <p>Arguments, captured values and results travel by Java serialization; the classes of the
 * caller's project travel with the function. Where an overloaded method makes {@code isolated}
 * ambiguous, the forms with a number say how many parameters are meant: {@code
 * isolated1(Integer::parseInt)} fits a target of {@code IsolatedFunction1<String, Integer>}.
 *
 * <p>Options refuse values that they cannot have at once, with {@link InvalidOptionException};
 * where an option is given twice, the later one wins.
 */
public final class Athanor {
    /** 0.25 CPU, 256 MB; the default. */
    public static final String XS = "XS";

    /** 0.5 CPU, 1 GB. */
    public static final String S = "S";

    /** 2 CPUs, 8 GB. */
    public static final String M = "M";

    /** 4 CPUs, 32 GB. */
    public static final String L = "L";

    /** 8 CPUs, 128 GB. */
    public static final String XL = "XL";

    /** 4 CPUs, 26 GB, one T4 with 16 GB. */
    public static final String GPU_T4 = "GPU-T4";

    /** 8 CPUs, 64 GB, one A100 with 40 GB. */
    public static final String GPU = "GPU";

    private Athanor() {}

    /** Isolates a function of no parameters with a result. */
    public static <R extends @Nullable Object> IsolatedFunction<R> isolated(
            Function0<R> function, Option... options) {
        return isolated0(function, options);
    }

    /** Isolates a function of one parameter with a result. */
    public static <A extends @Nullable Object, R extends @Nullable Object>
            IsolatedFunction1<A, R> isolated(Function1<A, R> function, Option... options) {
        return isolated1(function, options);
    }

    /** Isolates a function of two parameters with a result. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    R extends @Nullable Object>
            IsolatedFunction2<A, B, R> isolated(Function2<A, B, R> function, Option... options) {
        return isolated2(function, options);
    }

    /** Isolates a function of three parameters with a result. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            IsolatedFunction3<A, B, C, R> isolated(
                    Function3<A, B, C, R> function, Option... options) {
        return isolated3(function, options);
    }

    /** Isolates a function of four parameters with a result. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            IsolatedFunction4<A, B, C, D, R> isolated(
                    Function4<A, B, C, D, R> function, Option... options) {
        return isolated4(function, options);
    }

    /** Isolates a function of no parameters with a result, where {@code isolated} is ambiguous. */
    public static <R extends @Nullable Object> IsolatedFunction<R> isolated0(
            Function0<R> function, Option... options) {
        return new IsolatedFunction<>(callee(Function0.class, function, options));
    }

    /** Isolates a function of one parameter with a result, where {@code isolated} is ambiguous. */
    public static <A extends @Nullable Object, R extends @Nullable Object>
            IsolatedFunction1<A, R> isolated1(Function1<A, R> function, Option... options) {
        return new IsolatedFunction1<>(callee(Function1.class, function, options));
    }

    /** Isolates a function of two parameters with a result, where {@code isolated} is ambiguous. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    R extends @Nullable Object>
            IsolatedFunction2<A, B, R> isolated2(Function2<A, B, R> function, Option... options) {
        return new IsolatedFunction2<>(callee(Function2.class, function, options));
    }

    /**
     * Isolates a function of three parameters with a result, where {@code isolated} is ambiguous.
     */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            IsolatedFunction3<A, B, C, R> isolated3(
                    Function3<A, B, C, R> function, Option... options) {
        return new IsolatedFunction3<>(callee(Function3.class, function, options));
    }

    /**
     * Isolates a function of four parameters with a result, where {@code isolated} is ambiguous.
     */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            IsolatedFunction4<A, B, C, D, R> isolated4(
                    Function4<A, B, C, D, R> function, Option... options) {
        return new IsolatedFunction4<>(callee(Function4.class, function, options));
    }

    /** Isolates a function of no parameters without a result. */
    public static IsolatedFunction<@Nullable Void> isolatedVoid(
            Procedure0 procedure, Option... options) {
        return isolatedVoid0(procedure, options);
    }

    /** Isolates a function of one parameter without a result. */
    public static <A extends @Nullable Object> IsolatedFunction1<A, @Nullable Void> isolatedVoid(
            Procedure1<A> procedure, Option... options) {
        return isolatedVoid1(procedure, options);
    }

    /** Isolates a function of two parameters without a result. */
    public static <A extends @Nullable Object, B extends @Nullable Object>
            IsolatedFunction2<A, B, @Nullable Void> isolatedVoid(
                    Procedure2<A, B> procedure, Option... options) {
        return isolatedVoid2(procedure, options);
    }

    /** Isolates a function of three parameters without a result. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object>
            IsolatedFunction3<A, B, C, @Nullable Void> isolatedVoid(
                    Procedure3<A, B, C> procedure, Option... options) {
        return isolatedVoid3(procedure, options);
    }

    /** Isolates a function of four parameters without a result. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object>
            IsolatedFunction4<A, B, C, D, @Nullable Void> isolatedVoid(
                    Procedure4<A, B, C, D> procedure, Option... options) {
        return isolatedVoid4(procedure, options);
    }

    /**
     * Isolates a function of no parameters without a result, where {@code isolatedVoid} is
     * ambiguous.
     */
    public static IsolatedFunction<@Nullable Void> isolatedVoid0(
            Procedure0 procedure, Option... options) {
        return new IsolatedFunction<>(callee(Procedure0.class, procedure, options));
    }

    /**
     * Isolates a function of one parameter without a result, where {@code isolatedVoid} is
     * ambiguous.
     */
    public static <A extends @Nullable Object> IsolatedFunction1<A, @Nullable Void> isolatedVoid1(
            Procedure1<A> procedure, Option... options) {
        return new IsolatedFunction1<>(callee(Procedure1.class, procedure, options));
    }

    /**
     * Isolates a function of two parameters without a result, where {@code isolatedVoid} is
     * ambiguous.
     */
    public static <A extends @Nullable Object, B extends @Nullable Object>
            IsolatedFunction2<A, B, @Nullable Void> isolatedVoid2(
                    Procedure2<A, B> procedure, Option... options) {
        return new IsolatedFunction2<>(callee(Procedure2.class, procedure, options));
    }

    /**
     * Isolates a function of three parameters without a result, where {@code isolatedVoid} is
     * ambiguous.
     */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object>
            IsolatedFunction3<A, B, C, @Nullable Void> isolatedVoid3(
                    Procedure3<A, B, C> procedure, Option... options) {
        return new IsolatedFunction3<>(callee(Procedure3.class, procedure, options));
    }

    /**
     * Isolates a function of four parameters without a result, where {@code isolatedVoid} is
     * ambiguous.
     */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object>
            IsolatedFunction4<A, B, C, D, @Nullable Void> isolatedVoid4(
                    Procedure4<A, B, C, D> procedure, Option... options) {
        return new IsolatedFunction4<>(callee(Procedure4.class, procedure, options));
    }

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
     * The machine that the function runs on; default {@link #XS}. Operators may offer further ones:
     * a name that none offers is refused by the call.
     */
    public static Option machineType(String name) {
        return Setting.MACHINE_TYPE.to(name);
    }

    /**
     * How long the environment stays hot after a call ends, so that the next one need not wait for
     * it; default 10 s, at most 365 days, 0: not at all. Every call starts it anew.
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

    /** Where the function runs; default {@link #cloud()}. */
    public static Option host(Host host) {
        return Setting.HOST.to(host);
    }

    /**
     * The agents of the cluster that the environment variable {@code ATHANOR_BOOTSTRAP_SERVERS}
     * names, {@code localhost:9092} without it. The process has one connection for it, which is
     * made by the first call and need not be closed: it keeps no program from ending.
     */
    public static Host cloud() {
        return CloudHost.INSTANCE;
    }

    /** The agents of the cluster that the client is connected to. */
    public static Host cloud(AthanorClient client) {
        return client;
    }

    private static <R extends @Nullable Object> Callee<R> callee(
            Class<?> type, Serializable function, Option... options) {
        return new Callee<>(type, function, Options.DEFAULTS.with(options));
    }

    private static <T> List<T> list(Setting<List<T>> setting, T[] values) {
        if (Arrays.stream(values).anyMatch(Objects::isNull)) {
            setting.to(Arrays.asList(values));
        }
        return List.of(values);
    }
}
