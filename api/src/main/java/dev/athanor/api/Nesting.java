package dev.athanor.api;

import dev.athanor.api.internal.nested.SandboxHost;
import java.util.Optional;

/**
 * Leads calls that isolated functions make out of their sandbox, to the host that runs them:
 * whichever that is, an agent or the caller's machine, it runs their calls as well.
 */
final class Nesting {
    /** Set by agents and local hosts in the processes that they run functions in. */
    private static final String SANDBOX_PROPERTY = "athanor.sandbox";

    private Nesting() {}

    /** What goes beyond the JDK, which is loaded in sandboxes only. */
    static final class Way {
        static final Optional<Host> OUT = SandboxHost.find(Way.class.getClassLoader());

        private Way() {}
    }

    /** Whether this process runs isolated functions. */
    static boolean isInside() {
        return Boolean.getBoolean(SANDBOX_PROPERTY);
    }

    /**
     * The way out of the sandbox.
     *
     * @throws InvalidFunctionException where there is none
     */
    static Host wayOut() {
        return Way.OUT.orElseThrow(() ->
                new InvalidFunctionException(
                        "isolated functions cannot be called by a copy of Athanor's classes that a"
                                + " function brought along: leave these out of its requirements"));
    }
}
