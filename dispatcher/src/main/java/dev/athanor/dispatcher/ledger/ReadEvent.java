package dev.athanor.dispatcher.ledger;

import java.util.Optional;

/**
 * What one event means for the ledger.
 *
 * @param end what it leaves to be read, where it is an end that carries a reply
 */
record ReadEvent(JobRow row, Optional<JobEnd> end) {}
