/** What the end of a call in a sandbox means to its caller, whichever way it is told. */
@NullMarked
package dev.athanor.environment.outcome;

import org.jspecify.annotations.NullMarked;
