package dev.athanor.api;

import java.io.Serializable;
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
 * where an option is given twice, the later one wins. Options can be given at the method as well,
 * by {@link Isolated}.
 */
public final class Athanor extends OptionForms {
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

    /**
     * Has the code compute its value once in the life of a sandbox, whatever the number of calls
     * and of isolated functions there that ask for it:
     *
     * {@snippet :
     * static final Function0<Model> MODEL = cached(Models::load);
     *
     * var classify = isolated((String text) -> MODEL.call().classify(text));
     * }
     *
     * <p>Threads that ask at the same time wait for one computation. What the code throws is thrown
     * and not kept, so that the next call tries again. Elsewhere than in a sandbox the value is
     * kept for the life of the process.
     *
     * <p>Values are told apart by the method that the code is, the values that it captured, and its
     * arguments. These are compared by {@code equals}, arrays by their content, and must not be
     * changed later, as with keys of a map. Nothing is ever forgotten: cache what has few different
     * arguments.
     */
    public static <R extends @Nullable Object> Function0<R> cached(Function0<R> code) {
        return cached0(code);
    }

    /** As {@link #cached(Function0)}, for code of one parameter. */
    public static <A extends @Nullable Object, R extends @Nullable Object> Function1<A, R> cached(
            Function1<A, R> code) {
        return cached1(code);
    }

    /** As {@link #cached(Function0)}, for code of two parameters. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    R extends @Nullable Object>
            Function2<A, B, R> cached(Function2<A, B, R> code) {
        return cached2(code);
    }

    /** As {@link #cached(Function0)}, for code of three parameters. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            Function3<A, B, C, R> cached(Function3<A, B, C, R> code) {
        return cached3(code);
    }

    /** As {@link #cached(Function0)}, for code of four parameters. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            Function4<A, B, C, D, R> cached(Function4<A, B, C, D, R> code) {
        return cached4(code);
    }

    /**
     * As {@link #cached(Function0)}, for code of no parameters, where {@code cached} is ambiguous.
     */
    public static <R extends @Nullable Object> Function0<R> cached0(Function0<R> code) {
        return new Cached0<>(new CachedCode(Function0.class, code), code);
    }

    /**
     * As {@link #cached(Function0)}, for code of one parameter, where {@code cached} is ambiguous.
     */
    public static <A extends @Nullable Object, R extends @Nullable Object> Function1<A, R> cached1(
            Function1<A, R> code) {
        return new Cached1<>(new CachedCode(Function1.class, code), code);
    }

    /**
     * As {@link #cached(Function0)}, for code of two parameters, where {@code cached} is ambiguous.
     */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    R extends @Nullable Object>
            Function2<A, B, R> cached2(Function2<A, B, R> code) {
        return new Cached2<>(new CachedCode(Function2.class, code), code);
    }

    /**
     * As {@link #cached(Function0)}, for code of three parameters, where {@code cached} is
     * ambiguous.
     */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            Function3<A, B, C, R> cached3(Function3<A, B, C, R> code) {
        return new Cached3<>(new CachedCode(Function3.class, code), code);
    }

    /**
     * As {@link #cached(Function0)}, for code of four parameters, where {@code cached} is
     * ambiguous.
     */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            Function4<A, B, C, D, R> cached4(Function4<A, B, C, D, R> code) {
        return new Cached4<>(new CachedCode(Function4.class, code), code);
    }

    /**
     * The agents of the cluster that the environment variable {@code ATHANOR_BOOTSTRAP_SERVERS}
     * names, {@code localhost:9092} without it. The process has one connection for it, which is
     * made by the first call and need not be closed: it keeps no program from ending.
     *
     * <p>Inside an isolated function, this and {@link #local()} both mean the host that runs it:
     * its calls of others go there.
     */
    public static Host cloud() {
        return CloudHost.INSTANCE;
    }

    /**
     * This machine, for local development: the function runs here in a dedicated environment and
     * process, as it would on an agent. No cluster is needed. {@link LocalHost} has settings.
     */
    public static Host local() {
        return LocalHost.OWN;
    }

    /** {@link #cloud()} by a key that is given in code. */
    public static Host cloud(CloudKeyCredentials credentials) {
        return CloudHost.INSTANCE.with(credentials);
    }

    /** The agents of the cluster that the client is connected to. */
    public static Host cloud(AthanorClient client) {
        return client;
    }

    /** The function that is registered under a name on the cluster of {@link #cloud()}. */
    public static <R> RegisteredFunction<R> function(String name, Class<R> result) {
        return RegisteredFunction.of(cloud(), name, result);
    }

    private static <R extends @Nullable Object> Callee<R> callee(
            Class<?> type, Serializable function, Option... options) {
        return Callee.of(type, function, options);
    }
}
