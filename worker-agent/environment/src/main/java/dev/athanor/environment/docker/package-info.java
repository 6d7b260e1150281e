/**
 * Keeps sandboxes in containers of a Docker engine on the same machine. Needs docker-java, which
 * whoever uses this package brings.
 */
@NullMarked
package dev.athanor.environment.docker;

import org.jspecify.annotations.NullMarked;
