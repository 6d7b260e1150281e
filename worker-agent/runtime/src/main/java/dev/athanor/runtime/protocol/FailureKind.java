package dev.athanor.runtime.protocol;

/** Why a call did not succeed; named as on the wire. */
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
    /** The environment could not be built. */
    BUILD_FAILED,
    /** The call never started. */
    START_FAILED,
    /** Code or arguments are gone from where they were sent to. */
    BLOB_GONE,
    /** The function ran for too long. */
    EXECUTION_TIMEOUT,
    /** The build of the environment took too long. */
    BUILD_TIMEOUT,
    /** The start of the sandbox took too long. */
    START_TIMEOUT,
    /** The call had not started when it was to. */
    DEADLINE_PASSED,
    /** The call was cancelled. */
    CANCELLED,
    /** As many agents died with the call as there are attempts. */
    ATTEMPTS_EXHAUSTED,
    /** The signature is missing, wrong, or by a revoked key. */
    UNAUTHORIZED,
    /** There is no such machine type; the message says which there are. Of nested calls only. */
    UNKNOWN_MACHINE_TYPE,
    /** No live agent serves the machine type, and the call is not to wait. Of nested calls only. */
    UNSERVED_MACHINE_TYPE,
    /** The call could not be sent, or nobody is there for it. Of nested calls only. */
    UNAVAILABLE,
    /** Something else, as newer releases may have. */
    UNKNOWN;

    /**
     * Finds a kind.
     *
     * @param name as on the wire
     * @return the kind; unknown if this release has none of that name
     */
    public static FailureKind named(String name) {
        for (FailureKind kind : values()) {
            if (kind.name().equals(name)) {
                return kind;
            }
        }
        return UNKNOWN;
    }
}
