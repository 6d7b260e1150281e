package dev.athanor.api;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * What the cached code of one class has computed. It hangs on that class, which a sandbox loads
 * once in its life: that is how long values are kept, and it lets go of them with the class.
 *
 * <p>Safe for any number of threads.
 */
final class CachedValues {
    private static final ClassValue<CachedValues> OF_CLASS =
            new ClassValue<>() {
                @Override
                protected CachedValues computeValue(Class<?> type) {
                    return new CachedValues();
                }
            };

    private final ConcurrentMap<Key, Computation> computations = new ConcurrentHashMap<>();

    /** Arguments are compared by their content where they are arrays. */
    private static final class Key {
        private final Object code;
        private final @Nullable Object[] arguments;

        Key(Object code, @Nullable Object[] arguments) {
            this.code = code;
            this.arguments = arguments;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && code.equals(key.code)
                    && Arrays.deepEquals(arguments, key.arguments);
        }

        @Override
        public int hashCode() {
            return 31 * code.hashCode() + Arrays.deepHashCode(arguments);
        }
    }

    /** Knows its thread, so that code which asks for its own value is told rather than stuck. */
    private static final class Computation extends FutureTask<@Nullable Object> {
        private volatile @Nullable Thread thread = Thread.currentThread();

        Computation(Callable<@Nullable Object> code) {
            super(code);
        }

        boolean isOwn() {
            return thread == Thread.currentThread();
        }

        @Override
        protected void done() {
            thread = null;
        }
    }

    private CachedValues() {}

    static CachedValues of(Class<?> type) {
        return OF_CLASS.get(type);
    }

    /**
     * Values of a key are what its code computed, of the type that it has: null only where that may
     * be.
     */
    @SuppressWarnings({"unchecked", "NullAway"})
    <R extends @Nullable Object> R get(
            Object code, @Nullable Object[] arguments, Callable<R> computation, Object name)
            throws Exception {
        Key key = new Key(code, arguments);
        while (true) {
            Computation known = computations.get(key);
            if (known == null) {
                Computation own = new Computation(computation::call);
                known = computations.putIfAbsent(key, own);
                if (known == null) {
                    return (R) compute(key, own);
                }
            }
            if (known.isOwn()) {
                throw new IllegalStateException(name + " needs its own value");
            }
            try {
                return (R) known.get();
            } catch (ExecutionException e) {
                // Failed for another thread, and is forgotten by now or soon: this one tries
                // itself.
                computations.remove(key, known);
            }
        }
    }

    private @Nullable Object compute(Key key, Computation own) throws Exception {
        own.run();
        try {
            return own.get();
        } catch (ExecutionException e) {
            computations.remove(key, own);
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
