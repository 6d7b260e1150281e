package dev.athanor.dispatcher.job;

import dev.athanor.schemas.InvocationEnvelope;
import java.util.UUID;

/** What an idempotency key says of a submission. */
sealed interface KeyClaim {
    /** None was made under it: this one is to be produced now. */
    record First() implements KeyClaim {}

    /** The same was made under it before, and is durable. */
    record Made(UUID id) implements KeyClaim {}

    /**
     * The same was made under it before, and whoever did so stopped in between: it is to be
     * produced now.
     */
    record Unfinished(UUID id, InvocationEnvelope envelope) implements KeyClaim {}

    /** The same is being produced by another request. */
    record UnderWay() implements KeyClaim {}

    /** Something else was made under it. */
    record Reused() implements KeyClaim {}
}
