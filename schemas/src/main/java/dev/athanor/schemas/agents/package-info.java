/** The live view of a cluster's agents, as their heartbeats give it. */
@NullMarked
package dev.athanor.schemas.agents;

import org.jspecify.annotations.NullMarked;
