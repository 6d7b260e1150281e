/**
 * How sandboxes are kept apart from the machine, the cluster and each other: which ways there are,
 * which of them works here, and the one by bubblewrap.
 */
@NullMarked
package dev.athanor.environment.isolation;

import org.jspecify.annotations.NullMarked;
