package dev.athanor.runtime.protocol;

import java.io.IOException;

/** Bytes arrived that are no frame; what follows them cannot be read either. */
public final class MalformedFrameException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is wrong
     */
    public MalformedFrameException(String message) {
        super(message);
    }
}
