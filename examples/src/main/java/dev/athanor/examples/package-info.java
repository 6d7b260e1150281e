/**
 * The snippets of {@code docs/reference.md}, in its order: what is in a region here is shown there.
 */
@NullMarked
package dev.athanor.examples;

import org.jspecify.annotations.NullMarked;
