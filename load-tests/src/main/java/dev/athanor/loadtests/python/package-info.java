/** Calls from Python, against those from Java and against the start of an interpreter. */
@NullMarked
package dev.athanor.loadtests.python;

import org.jspecify.annotations.NullMarked;
