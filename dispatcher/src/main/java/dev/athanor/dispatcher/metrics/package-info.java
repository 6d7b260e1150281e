/** The meters of the dispatcher. */
@NullMarked
package dev.athanor.dispatcher.metrics;

import org.jspecify.annotations.NullMarked;
