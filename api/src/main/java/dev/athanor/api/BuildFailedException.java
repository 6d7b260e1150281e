package dev.athanor.api;

/**
 * The environment could not be built, for instance because a requirement does not exist; the
 * message is the resolver's own. The same requirements fail again until they, or their repository,
 * change.
 */
public final class BuildFailedException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public BuildFailedException(String message) {
        super(message, null, false);
    }
}
