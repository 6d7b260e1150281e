/**
 * Keeps sandboxes hot: each stays for its keep-alive after its last call, so that the next call is
 * nearly free.
 */
@NullMarked
package dev.athanor.environment.pool;

import org.jspecify.annotations.NullMarked;
