/**
 * Calls through Kafka: connects, uploads code, sends invocations and hands replies to those who
 * wait for them.
 *
 * <p>One thread reads replies and never runs anything of the caller's: results are read, listeners
 * called and futures completed on callback threads, one at a time for each call.
 */
@NullMarked
package dev.athanor.api.internal.cluster;

import org.jspecify.annotations.NullMarked;
