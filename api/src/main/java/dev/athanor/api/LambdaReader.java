package dev.athanor.api;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what serialization would write in a lambda's place. Going through serialization itself
 * works for classes of modules that are not open to reflection.
 */
final class LambdaReader extends ObjectOutputStream {
    private @Nullable SerializedLambda lambda;

    private LambdaReader() throws IOException {
        super(OutputStream.nullOutputStream());
        enableReplaceObject(true);
    }

    /** The description of a lambda or method reference; empty for any other object. */
    static Optional<SerializedLambda> read(Serializable function) throws IOException {
        try (LambdaReader reader = new LambdaReader()) {
            reader.writeObject(function);
            return Optional.ofNullable(reader.lambda);
        }
    }

    /** Null for whatever comes first, so that nothing behind it is written. */
    @Override
    protected @Nullable Object replaceObject(Object object) {
        if (object instanceof SerializedLambda found) {
            lambda = found;
        }
        return null;
    }
}
