/** Calls: from an invocation to its reply, by way of bundle, environment and sandbox. */
@NullMarked
package dev.athanor.agent.call;

import org.jspecify.annotations.NullMarked;
