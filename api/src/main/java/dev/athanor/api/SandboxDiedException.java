package dev.athanor.api;

import java.util.Optional;

/**
 * The function ended the process that ran it, by exiting, crashing or using too much memory; the
 * message says which.
 */
public final class SandboxDiedException extends AthanorException {
    private static final long serialVersionUID = 1L;

    private final String largerMachineType;

    public SandboxDiedException(String message) {
        this(message, "");
    }

    /**
     * @param largerMachineType the next larger machine type where memory was short; empty: it was
     *     not
     */
    public SandboxDiedException(String message, String largerMachineType) {
        super(message, null, false);
        this.largerMachineType = largerMachineType;
    }

    /** The machine type to try instead, where memory was short. */
    public Optional<String> largerMachineType() {
        return Optional.of(largerMachineType).filter(type -> !type.isEmpty());
    }
}
