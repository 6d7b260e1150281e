/** What becomes of invocations that agents were lost with, as agents and the dispatcher agree. */
@NullMarked
package dev.athanor.schemas.attempt;

import org.jspecify.annotations.NullMarked;
