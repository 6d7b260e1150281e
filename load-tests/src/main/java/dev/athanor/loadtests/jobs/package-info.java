/** What jobs cost over what lies below them. */
@NullMarked
package dev.athanor.loadtests.jobs;

import org.jspecify.annotations.NullMarked;
