/**
 * Enforces the sizes of machine types where the operating system permits it: CPU, memory and number
 * of processes by control groups of Linux, version 1 or 2.
 */
@NullMarked
package dev.athanor.environment.limits;

import org.jspecify.annotations.NullMarked;
