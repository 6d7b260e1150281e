/** The volume with the persistent folders of tenants, one for all agents of a cluster. */
@NullMarked
package dev.athanor.agent.data;

import org.jspecify.annotations.NullMarked;
