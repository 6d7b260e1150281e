/** Calls that functions make of others, carried to the cluster under the tenant of their caller. */
@NullMarked
package dev.athanor.agent.nested;

import org.jspecify.annotations.NullMarked;
