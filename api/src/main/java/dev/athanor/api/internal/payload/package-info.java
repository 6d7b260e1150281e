/** Arguments to bytes, and bytes to results and exceptions; the latter never without a filter. */
@NullMarked
package dev.athanor.api.internal.payload;

import org.jspecify.annotations.NullMarked;
