/** What the tests of this module share. */
@NullMarked
package dev.athanor.environment.testing;

import org.jspecify.annotations.NullMarked;
