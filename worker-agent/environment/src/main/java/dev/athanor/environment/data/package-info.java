/** How sandboxes get to see the persistent folder of their tenant as {@code /data}. */
@NullMarked
package dev.athanor.environment.data;

import org.jspecify.annotations.NullMarked;
