/**
 * {@code athanor bench routing}: several agents, and calls that find the one where they are hot.
 */
@NullMarked
package dev.athanor.loadtests.routing;

import org.jspecify.annotations.NullMarked;
