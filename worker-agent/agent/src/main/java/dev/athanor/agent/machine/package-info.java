/** Machine types as operators define them. */
@NullMarked
package dev.athanor.agent.machine;

import org.jspecify.annotations.NullMarked;
