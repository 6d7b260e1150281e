package dev.athanor.environment.docker;

/** The engine does not answer. The message says which one, and why. */
final class EngineAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EngineAwayException(String host, Throwable cause) {
        super("the engine at %s does not answer: %s".formatted(host, rootOf(cause)), cause);
    }

    private static String rootOf(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
