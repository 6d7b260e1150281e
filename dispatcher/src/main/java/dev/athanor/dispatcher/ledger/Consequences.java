package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.outbox.DueWebhook;
import dev.athanor.dispatcher.outbox.WaitingAttempt;
import java.util.Collection;
import java.util.List;

/**
 * What events lead to beside rows, written with them.
 *
 * @param ends what is kept of ends
 * @param waiting attempts that are to run later
 * @param webhooks that are to be told of ends
 */
record Consequences(
        Collection<JobEnd> ends,
        Collection<WaitingAttempt> waiting,
        Collection<DueWebhook> webhooks) {
    /** Nothing. */
    static final Consequences NONE = new Consequences(List.of(), List.of(), List.of());
}
