package dev.athanor.standalone.command;

import org.jspecify.annotations.Nullable;

/** A dispatcher did not do what it was asked for; the message is one line. */
final class DispatcherException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DispatcherException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
