/**
 * Jobs, for those who ask: submitted to Kafka, and found in the ledger.
 *
 * <p>Nothing here stands between an agent and its work; a job that was accepted runs and is kept
 * account of whatever becomes of the dispatcher that took it.
 */
@NullMarked
package dev.athanor.dispatcher.job;

import org.jspecify.annotations.NullMarked;
