/**
 * Machine types: the named sizes that functions ask for. The reference's seven are built in; an
 * operator can define more.
 */
@NullMarked
package dev.athanor.environment.machine;

import org.jspecify.annotations.NullMarked;
