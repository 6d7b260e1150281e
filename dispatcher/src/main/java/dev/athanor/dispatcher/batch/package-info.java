/**
 * Batches: many inputs of one function, kept in the database and fed into its machine type's queue
 * a few at a time, so that they stand in nobody's way.
 *
 * <p>Members are jobs. Their ids follow from the batch's id, so that whoever knows the batch finds
 * them, and what became of them is in the ledger alone.
 */
@NullMarked
package dev.athanor.dispatcher.batch;

import org.jspecify.annotations.NullMarked;
