package dev.athanor.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Code whose values are kept, and where. Travels with the functions that use it; what is kept stays
 * where it is.
 *
 * <p>Safe for any number of threads.
 */
final class CachedCode implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Class<?> type;
    private final Serializable code;
    private transient @Nullable Place place;

    /**
     * Where the values of one piece of code are kept.
     *
     * @param values of all code of its class
     * @param code tells it from other code of that class
     */
    private record Place(CachedValues values, Object code) {}

    /**
     * @param type the functional interface
     * @param code an object of it
     */
    CachedCode(Class<?> type, Serializable code) {
        this.type = type;
        this.code = code;
    }

    <R extends @Nullable Object> R get(Callable<R> computation, @Nullable Object... arguments)
            throws Exception {
        Place here = place();
        return here.values().get(here.code(), arguments, computation, this);
    }

    private synchronized Place place() {
        Place known = place == null ? find() : place;
        place = known;
        return known;
    }

    private Place find() {
        Optional<SerializedLambda> lambda = lambda();
        Class<?> owner = lambda.map(this::owner).orElse(code.getClass());
        Object state = state(lambda);
        return new Place(
                CachedValues.of(owner),
                lambda.isPresent()
                        ? List.of(
                                type,
                                lambda.get().getImplMethodName(),
                                lambda.get().getImplMethodSignature(),
                                lambda.get().getImplMethodKind(),
                                state)
                        : List.of(type, state));
    }

    private Optional<SerializedLambda> lambda() {
        try {
            return LambdaReader.read(code);
        } catch (IOException e) {
            throw new InvalidFunctionException(
                    "%s cannot be read: %s".formatted(this, e.getMessage()), e);
        }
    }

    private Class<?> owner(SerializedLambda lambda) {
        String name = lambda.getImplClass().replace('/', '.');
        try {
            return Class.forName(name, false, code.getClass().getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new InvalidFunctionException("%s cannot be read".formatted(this), e);
        }
    }

    /**
     * What tells code apart that is written in the same place: the content of what it captured,
     * since every call brings copies. What cannot be serialized was made here, and is told by
     * itself.
     */
    private Object state(Optional<SerializedLambda> lambda) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(lambda.isPresent() ? captured(lambda.get()) : code);
        } catch (IOException e) {
            return new Object();
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static @Nullable Object[] captured(SerializedLambda lambda) {
        @Nullable Object[] captured = new Object[lambda.getCapturedArgCount()];
        Arrays.setAll(captured, lambda::getCapturedArg);
        return captured;
    }

    @Override
    public String toString() {
        return "cached code of " + code.getClass().getName();
    }
}
