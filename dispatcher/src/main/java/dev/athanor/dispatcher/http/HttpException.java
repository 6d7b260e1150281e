package dev.athanor.dispatcher.http;

import org.jspecify.annotations.Nullable;

/** The HTTP door could not open; the message is one line and says what to do. */
public final class HttpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HttpException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
