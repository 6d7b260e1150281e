package dev.athanor.agent.call;

/** The sandbox of a cold call was lost with what ran it: see {@link CallEnd.Lost}. */
final class SandboxLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SandboxLostException() {
        super("the sandbox was lost with the engine that ran it");
    }
}
