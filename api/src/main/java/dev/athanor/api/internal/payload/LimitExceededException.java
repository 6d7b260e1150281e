package dev.athanor.api.internal.payload;

import java.io.IOException;

/** More was written than may be sent. */
final class LimitExceededException extends IOException {
    private static final long serialVersionUID = 1L;
}
