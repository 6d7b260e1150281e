/** Slots: one thread and its consumers each, taking invocations and seeing them through. */
@NullMarked
package dev.athanor.agent.slot;

import org.jspecify.annotations.NullMarked;
