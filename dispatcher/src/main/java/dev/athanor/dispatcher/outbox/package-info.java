/** Invocations that wait in the database for their time to go into Kafka. */
@NullMarked
package dev.athanor.dispatcher.outbox;

import org.jspecify.annotations.NullMarked;
