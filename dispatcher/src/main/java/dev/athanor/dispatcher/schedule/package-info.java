/** Schedules: jobs that are made at the times that a cron expression says. */
@NullMarked
package dev.athanor.dispatcher.schedule;

import org.jspecify.annotations.NullMarked;
