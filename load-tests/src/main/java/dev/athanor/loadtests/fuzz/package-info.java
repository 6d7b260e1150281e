/** Damaged, hostile and meaningless records on every topic that a part of Athanor reads. */
@NullMarked
package dev.athanor.loadtests.fuzz;

import org.jspecify.annotations.NullMarked;
