package dev.athanor.dispatcher.http;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Reads the bodies of requests, within limits of size and time. Safe for any number of threads. */
final class Bodies {
    private static final int CHUNK = 16 * 1024;

    private final int maxBytes;
    private final Duration patience;
    private final LongSupplier ticker;

    /**
     * @param patience how long a body may take to come
     * @param ticker nanoseconds of a clock that never goes back
     */
    Bodies(int maxBytes, Duration patience, LongSupplier ticker) {
        this.maxBytes = maxBytes;
        this.patience = patience;
        this.ticker = ticker;
    }

    /**
     * All of a body. A client that sends a byte now and then is silent for no time at all, and yet
     * must not keep this busy.
     *
     * @throws ProblemException when it is too large or comes too slowly
     */
    byte[] read(Context context) throws IOException {
        if (context.contentLength() > maxBytes) {
            throw tooLarge();
        }
        long begin = ticker.getAsLong();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        InputStream in = context.bodyInputStream();
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            body.write(chunk, 0, read);
            if (body.size() > maxBytes) {
                throw tooLarge();
            }
            if (ticker.getAsLong() - begin > patience.toNanos()) {
                throw new ProblemException(
                        ProblemType.TIMEOUT,
                        "the body did not come within %d s".formatted(patience.toSeconds()));
            }
        }
        return body.toByteArray();
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                ProblemType.TOO_LARGE, "a body has at most %,d bytes".formatted(maxBytes));
    }
}
