package dev.athanor.api.internal.payload;

import java.io.IOException;

/** More was written than may be sent. */
final class LimitExceededException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String size;

    /**
     * @param size in bytes, with "more than" where writing was given up
     */
    LimitExceededException(String size) {
        super(size + " bytes");
        this.size = size;
    }

    String size() {
        return size;
    }
}
