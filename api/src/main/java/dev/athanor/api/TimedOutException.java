package dev.athanor.api;

/** The call exceeded one of its limits; {@link #phase()} says which. */
public final class TimedOutException extends AthanorException {
    private static final long serialVersionUID = 1L;

    /** A part of a call that has a limit of its own. */
    public enum Phase {
        /** Waiting for an agent: {@link Athanor#queueTimeout}. */
        QUEUE,
        /** Building the environment: {@link Athanor#buildTimeout}. */
        BUILD,
        /** Starting the sandbox: {@link Athanor#startTimeout}. */
        START,
        /** Running the function: {@link Athanor#timeout}. */
        EXECUTION
    }

    private final Phase phase;

    public TimedOutException(Phase phase, String message) {
        super(message, null, phase != Phase.EXECUTION);
        this.phase = phase;
    }

    public Phase phase() {
        return phase;
    }
}
