/** How far functions that yield may go, as their callers say. */
@NullMarked
package dev.athanor.agent.stream;

import org.jspecify.annotations.NullMarked;
