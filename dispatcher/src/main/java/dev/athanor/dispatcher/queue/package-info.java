/** The queues of machine types: who serves them, and how much waits in them. */
@NullMarked
package dev.athanor.dispatcher.queue;

import org.jspecify.annotations.NullMarked;
