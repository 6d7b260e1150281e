package dev.athanor.api.internal.payload;

import dev.athanor.api.TooLargeException;
import dev.athanor.api.UnserializableException;
import dev.athanor.runtime.protocol.PlainValues;
import dev.athanor.schemas.blob.Blobs;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Captured values and arguments of one call, serialized. Bytes are not copied. */
public final class Arguments {
    private final byte[] bytes;
    private final Set<String> classes;

    private Arguments(byte[] bytes, Set<String> classes) {
        this.bytes = bytes;
        this.classes = classes;
    }

    /** The captured values, then the arguments; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Internal names of the classes in it, but for the JDK's. */
    public Set<String> classes() {
        return classes;
    }

    /**
     * Serializes them.
     *
     * @throws UnserializableException when a value cannot be serialized; says which, and where in
     *     it
     * @throws TooLargeException when they exceed what may be sent
     */
    public static Arguments write(
            String function, List<@Nullable Object> captured, @Nullable Object[] arguments) {
        return write(function, captured, arguments, Blobs.DEFAULT_LIMIT);
    }

    /**
     * As {@link #write(String, List, Object[])}, with a limit.
     *
     * @param limit what may be sent, in bytes
     */
    public static Arguments write(
            String function,
            List<@Nullable Object> captured,
            @Nullable Object[] arguments,
            long limit) {
        @Nullable Object[] all = new Object[captured.size() + arguments.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = i < captured.size() ? captured.get(i) : arguments[i - captured.size()];
        }
        byte[] plain = PlainValues.writeAll(all);
        if (plain != null && plain.length <= limit) {
            return new Arguments(plain, Set.of());
        }
        LimitedOutput bytes = new LimitedOutput(limit);
        try (ValueWriter out = new ValueWriter(bytes)) {
            out.writeObject(all);
            out.flush();
            return new Arguments(bytes.toByteArray(), out.classes());
        } catch (LimitExceededException e) {
            throw new TooLargeException(
                    ("%s: arguments and captured values take %s bytes, more than the limit of %,d"
                                    + " bytes: put large data where the function can read it")
                            .formatted(function, e.size(), limit),
                    e);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw unserializable(function, captured.size(), all, e);
        }
    }

    private static UnserializableException unserializable(
            String function, int captured, @Nullable Object[] all, Throwable cause) {
        for (int i = 0; i < all.length; i++) {
            String what =
                    i < captured ? "captured value " + (i + 1) : "argument " + (i - captured + 1);
            Optional<String> found = UnserializablePath.find(what, all[i]);
            if (found.isPresent()) {
                String hint =
                        i < captured
                                ? ": a lambda that uses fields or methods of its object captures"
                                        + " that object; use local variables instead"
                                : "";
                return new UnserializableException(
                        "%s: %s is not java.io.Serializable%s"
                                .formatted(function, found.get(), hint),
                        cause);
            }
        }
        return new UnserializableException(
                "%s: arguments and captured values cannot be serialized: %s"
                        .formatted(function, cause),
                cause);
    }
}
