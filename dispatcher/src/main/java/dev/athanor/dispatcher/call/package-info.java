/** Calls of those who have no Kafka: they wait for the answer by HTTP, and nothing is kept. */
@NullMarked
package dev.athanor.dispatcher.call;

import org.jspecify.annotations.NullMarked;
