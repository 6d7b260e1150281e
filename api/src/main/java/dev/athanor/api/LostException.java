package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/**
 * The call was given up without knowing how it ended: the agents that held it died, or none
 * answered. The function may have run, wholly or in part.
 */
public final class LostException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public LostException(String message) {
        super(message, null, true);
    }

    public LostException(String message, @Nullable Throwable cause) {
        super(message, cause, true);
    }
}
