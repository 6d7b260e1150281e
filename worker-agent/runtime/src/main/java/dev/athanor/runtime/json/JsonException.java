package dev.athanor.runtime.json;

import org.jspecify.annotations.Nullable;

/** Thrown where JSON and what was expected do not fit; the message says where and why. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    JsonException(String message) {
        super(message);
    }

    JsonException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
