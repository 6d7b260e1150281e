/** Records that agents and dispatchers gave up, and what can be done about them. */
@NullMarked
package dev.athanor.dispatcher.deadletter;

import org.jspecify.annotations.NullMarked;
