package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.outbox.DueWebhook;
import dev.athanor.dispatcher.outbox.WaitingAttempt;
import java.util.Optional;

/**
 * What one event means for the ledger.
 *
 * @param end what it leaves to be read, where it is an end that carries a reply
 * @param waiting the attempt that is to run later, where one is
 * @param webhook that is to be told of the end, where one is
 */
record ReadEvent(
        JobRow row,
        Optional<JobEnd> end,
        Optional<WaitingAttempt> waiting,
        Optional<DueWebhook> webhook) {}
