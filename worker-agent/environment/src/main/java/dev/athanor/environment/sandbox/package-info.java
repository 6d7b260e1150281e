/**
 * Sandboxes: launching the processes in which functions run, and talking to them. A sandbox gets
 * its class path once, serves one call at a time and ends with its socket.
 */
@NullMarked
package dev.athanor.environment.sandbox;

import org.jspecify.annotations.NullMarked;
