/**
 * What looks after a cluster. {@link dev.athanor.dispatcher.Dispatcher} is its composition root.
 */
@NullMarked
package dev.athanor.dispatcher;

import org.jspecify.annotations.NullMarked;
