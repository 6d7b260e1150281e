package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/**
 * A folder could not be synced: it cannot be read, changed meanwhile, or what was sent did not
 * stay. What has arrived is not sent again by the next {@link Athanor#syncDir}.
 */
public final class SyncFailedException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public SyncFailedException(String message, @Nullable Throwable cause) {
        super(message, cause, true);
    }
}
