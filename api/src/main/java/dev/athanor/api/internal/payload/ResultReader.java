package dev.athanor.api.internal.payload;

import dev.athanor.api.RefusedResultException;
import dev.athanor.api.UnserializableException;
import dev.athanor.runtime.protocol.PlainValues;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what functions return and throw. Immutable; safe for any number of threads.
 *
 * @param loader where the classes come from
 * @param bundled binary names of the classes that were sent with the function
 * @param allowed the caller's patterns
 */
public record ResultReader(ClassLoader loader, Set<String> bundled, List<String> allowed) {
    private static final Map<String, Class<?>> PRIMITIVES =
            Stream.of(
                            boolean.class,
                            byte.class,
                            char.class,
                            double.class,
                            float.class,
                            int.class,
                            long.class,
                            short.class,
                            void.class)
                    .collect(Collectors.toUnmodifiableMap(Class::getName, Function.identity()));

    /** For what comes from code that is no less trusted than the reader's: of any class. */
    public static ResultReader ofOwnCode(ClassLoader loader) {
        return new ResultReader(loader, Set.of(), List.of(ResultFilter.EVERYTHING));
    }

    /**
     * The object that the bytes hold.
     *
     * @throws RefusedResultException when it holds a class that is not accepted, or exceeds limits
     * @throws UnserializableException when it cannot be read
     */
    public @Nullable Object read(byte[] bytes) {
        return PlainValues.arePlain(bytes) ? readPlain(bytes) : readObject(bytes);
    }

    private static @Nullable Object readPlain(byte[] bytes) {
        try {
            return PlainValues.read(bytes);
        } catch (IOException e) {
            throw new UnserializableException("the result cannot be read: " + e, e);
        }
    }

    private @Nullable Object readObject(byte[] bytes) {
        ResultFilter filter = new ResultFilter(bundled, allowed, bytes.length);
        try (ObjectInputStream in =
                new LoaderInput(new ByteArrayInputStream(bytes), loader, filter)) {
            return in.readObject();
        } catch (ClassNotFoundException e) {
            throw new UnserializableException(
                    "the result holds a %s, which the caller does not have on its class path"
                            .formatted(e.getMessage()),
                    e);
        } catch (StackOverflowError e) {
            throw new RefusedResultException("the result is refused: it is nested too deep", e);
        } catch (IOException | RuntimeException | LinkageError e) {
            if (!filter.refusal().isEmpty()) {
                throw new RefusedResultException("the result is refused: " + filter.refusal(), e);
            }
            throw new UnserializableException("the result cannot be read: " + e, e);
        }
    }

    private static final class LoaderInput extends ObjectInputStream {
        private final ClassLoader loader;

        LoaderInput(InputStream in, ClassLoader loader, ResultFilter filter) throws IOException {
            super(in);
            this.loader = loader;
            setObjectInputFilter(filter);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description)
                throws ClassNotFoundException {
            Class<?> primitive = PRIMITIVES.get(description.getName());
            return primitive == null
                    ? Class.forName(description.getName(), false, loader)
                    : primitive;
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws InvalidClassException {
            throw new InvalidClassException("proxies are not accepted as results");
        }
    }
}
