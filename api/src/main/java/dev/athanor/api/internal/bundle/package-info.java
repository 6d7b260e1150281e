/**
 * Packs the caller's own code into jars that agents load: whole folders and jars where these are
 * the caller's alone, else the classes that a function reaches.
 */
@NullMarked
package dev.athanor.api.internal.bundle;

import org.jspecify.annotations.NullMarked;
