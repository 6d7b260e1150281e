package dev.athanor.runtime;

import dev.athanor.runtime.protocol.PlainValues;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import org.jspecify.annotations.Nullable;

/** Reads arguments and writes results, as plain values or in Java serialization. */
final class JavaPayloads {

    private final ClassLoader loader;

    JavaPayloads(ClassLoader loader) {
        this.loader = loader;
    }

    @Nullable Object[] readArguments(byte[] bytes) throws IOException, ClassNotFoundException {
        if (read(bytes) instanceof Object[] arguments) {
            return arguments;
        }
        throw new IOException("they are no Object[]");
    }

    private @Nullable Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        if (PlainValues.arePlain(bytes)) {
            return PlainValues.read(bytes);
        }
        try (UserObjectInput in = new UserObjectInput(new ByteArrayInputStream(bytes), loader)) {
            return in.readObject();
        }
    }

    /** Writes a value; {@link LimitedOutput.Exceeded} if that takes more than the maximum. */
    static byte[] write(@Nullable Object value, long maxBytes) throws IOException {
        byte[] plain = PlainValues.write(value);
        if (plain != null && plain.length <= maxBytes) {
            return plain;
        }
        LimitedOutput bytes = new LimitedOutput(maxBytes);
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }
}
