/** Calls on the caller's own machine: the same environments and sandboxes as on agents. */
@NullMarked
package dev.athanor.api.internal.local;

import org.jspecify.annotations.NullMarked;
