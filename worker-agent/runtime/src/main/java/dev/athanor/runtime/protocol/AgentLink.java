package dev.athanor.runtime.protocol;

import java.util.function.Consumer;

/**
 * How code in a sandbox has functions called. The class loader of that code is one: nothing else of
 * a sandbox is in its reach. Safe for any number of threads.
 */
public interface AgentLink {

    /**
     * Tells how much may be sent.
     *
     * @return the largest arguments of a nested call, in bytes
     */
    long payloadLimit();

    /**
     * Has a function called, on behalf of the call that runs in the sandbox. Waits while as many
     * are under way as may be, {@value Protocol#MAX_NESTED_CALLS} or so many that their arguments
     * reach the limit.
     *
     * @param function what to call
     * @param arguments captured values first, then the arguments; not to be changed
     * @param replies gets lines and the end, one after the other; must not block
     * @return gives the call up, which ends nevertheless
     * @throws IllegalStateException if no call runs in the sandbox
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    Runnable call(NestedFunction function, byte[] arguments, Consumer<NestedReply> replies)
            throws InterruptedException;
}
