/**
 * What runs inside a JVM sandbox: connects to the agent's socket, loads the user's code out of
 * sight of its own classes, runs one call at a time and reports how it ended. It shares its JVM
 * with user code, so it uses nothing but the JDK.
 */
@NullMarked
package dev.athanor.runtime;

import org.jspecify.annotations.NullMarked;
