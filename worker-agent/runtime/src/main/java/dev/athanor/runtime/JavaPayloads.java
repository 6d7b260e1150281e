package dev.athanor.runtime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import org.jspecify.annotations.Nullable;

/** Reads arguments and writes results in Java serialization. */
final class JavaPayloads {

    private final ClassLoader loader;

    JavaPayloads(ClassLoader loader) {
        this.loader = loader;
    }

    @Nullable Object[] readArguments(byte[] bytes) throws IOException, ClassNotFoundException {
        try (UserObjectInput in = new UserObjectInput(new ByteArrayInputStream(bytes), loader)) {
            if (in.readObject() instanceof Object[] arguments) {
                return arguments;
            }
        }
        throw new IOException("they are no Object[]");
    }

    /** Serializes a value; {@link LimitedOutput.Exceeded} if that takes more than the maximum. */
    static byte[] write(@Nullable Object value, long maxBytes) throws IOException {
        LimitedOutput bytes = new LimitedOutput(maxBytes);
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }
}
