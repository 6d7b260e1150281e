/** What agents and dispatchers say of jobs. */
@NullMarked
package dev.athanor.schemas.job;

import org.jspecify.annotations.NullMarked;
