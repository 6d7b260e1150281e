/** The tour that {@code athanor demo} gives. */
@NullMarked
package dev.athanor.standalone.demo;

import org.jspecify.annotations.NullMarked;
