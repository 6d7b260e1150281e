package dev.athanor.agent.call;

import dev.athanor.environment.sandbox.NestedCalls;

/** Has the calls made that functions make of others. Safe for any number of threads. */
@FunctionalInterface
public interface Nest {
    /** For the function of a call that is about to be made. */
    NestedCalls of(Delivery delivery, KnownFunction.Runs function);
}
