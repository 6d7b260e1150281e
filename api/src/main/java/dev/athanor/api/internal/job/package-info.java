/** Asks a dispatcher for jobs, by HTTP. */
@NullMarked
package dev.athanor.api.internal.job;

import org.jspecify.annotations.NullMarked;
