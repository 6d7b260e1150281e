/**
 * The embedded broker: Kafka itself in KRaft mode, in this process. What {@code athanor up} and the
 * tests run on.
 */
@NullMarked
package dev.athanor.embedded;

import org.jspecify.annotations.NullMarked;
