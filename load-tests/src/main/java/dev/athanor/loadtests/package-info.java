/** Benchmarks: {@code athanor bench} and one package for each. */
@NullMarked
package dev.athanor.loadtests;

import org.jspecify.annotations.NullMarked;
