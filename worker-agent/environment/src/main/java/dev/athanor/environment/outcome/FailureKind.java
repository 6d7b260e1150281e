package dev.athanor.environment.outcome;

/** Why a call in a sandbox did not succeed; named as on the wire. */
public enum FailureKind {
    /** The function threw. */
    FUNCTION_THREW,
    /** The function ended its sandbox: by exiting, or by a crash of the process. */
    SANDBOX_DIED,
    /** The memory of the machine type did not suffice. */
    OUT_OF_MEMORY,
    /** Arguments could not be read, or the entry point was not found. */
    INVALID_INVOCATION,
    /** The result could not be written. */
    INVALID_RESULT,
    /** Arguments or result exceed what may be sent. */
    TOO_LARGE,
    /** The call never started. */
    START_FAILED
}
