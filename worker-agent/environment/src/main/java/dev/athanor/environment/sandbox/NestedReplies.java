package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.NestedReply;

/** Tells a function of the calls that it has made. Safe for use by any thread. */
@FunctionalInterface
public interface NestedReplies {

    /**
     * Hands over a reply; blocks while the sandbox takes no frames. One that comes after the end of
     * its call is dropped.
     *
     * @param reply the reply, not larger than what the sandbox's launcher allows for payloads
     */
    void send(NestedReply reply);
}
