package dev.athanor.agent.call;

/** A result that could not be written where its caller would find it. */
public final class PayloadLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PayloadLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
