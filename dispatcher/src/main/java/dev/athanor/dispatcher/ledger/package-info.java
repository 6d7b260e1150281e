/**
 * The ledger: what became of every job, filled from its topic into the database.
 *
 * <p>Rows and the offsets that they were read up to are written in one transaction, so that a
 * dispatcher that dies anywhere neither loses an event nor applies one twice.
 */
@NullMarked
package dev.athanor.dispatcher.ledger;

import org.jspecify.annotations.NullMarked;
