package dev.athanor.runtime.protocol;

import java.io.IOException;

/** A frame exceeds the maximum and was not sent, not even in part: the socket is still good. */
public final class FrameTooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    FrameTooLargeException(long bytes, int maxBytes) {
        super("a frame of " + bytes + " bytes exceeds the maximum of " + maxBytes + " bytes");
    }
}
