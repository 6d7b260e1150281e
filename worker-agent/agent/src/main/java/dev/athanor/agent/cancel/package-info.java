/** Cancellations: which calls were given up by their callers, and what that stops. */
@NullMarked
package dev.athanor.agent.cancel;

import org.jspecify.annotations.NullMarked;
