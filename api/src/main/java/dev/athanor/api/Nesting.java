package dev.athanor.api;

/** Refuses calls that isolated functions make. */
final class Nesting {
    /** Set by agents and local hosts in the processes that they run functions in. */
    private static final String SANDBOX_PROPERTY = "athanor.sandbox";

    private Nesting() {}

    static void refuse(Callee<?> callee) {
        if (Boolean.getBoolean(SANDBOX_PROPERTY)) {
            throw new InvalidFunctionException(
                    callee
                            + " was called from inside an isolated function, which is not possible"
                            + " yet: call it where its result is used");
        }
    }
}
