package dev.athanor.api.internal.cluster;

import dev.athanor.api.Options;
import dev.athanor.api.RetryPolicy;
import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.api.internal.call.PackedCall;
import dev.athanor.api.internal.call.PackedFunction;
import dev.athanor.api.internal.payload.Arguments;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A call that is ready to be sent.
 *
 * @param packed what is called with what
 * @param encoded what is called, as invocations carry it
 */
record OutgoingCall(PackedCall packed, EncodedFunction encoded) {
    /** An invocation that is lost with its agent is tried again up to this often in all. */
    private static final int MAX_ATTEMPTS = 3;

    private static final int NOBODY_WAITS = -1;

    /** What agents need beside the limits: noticing that one of them died, writing the reply. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    PackedFunction function() {
        return packed.function();
    }

    Arguments arguments() {
        return packed.arguments();
    }

    List<Bundle> bundles() {
        return packed.bundles();
    }

    /**
     * When no attempt may start or go on any more. Every limit of the call has passed by then, as
     * often as it may be tried.
     */
    Instant deadline(Instant createdAt) {
        Options options = function().options();
        return options.deadline()
                .map(createdAt::plus)
                .orElseGet(() -> createdAt.plus(longest(options)));
    }

    private static Duration longest(Options options) {
        Duration attempt =
                options.buildTimeout().plus(options.startTimeout()).plus(options.timeout());
        int retries = options.retries().map(RetryPolicy::attempts).orElse(1) - 1;
        Duration wait = options.retries().map(RetryPolicy::maxDelay).orElse(Duration.ZERO);
        return options.queueTimeout()
                .plus(attempt.multipliedBy(MAX_ATTEMPTS + options.onOutOfMemory().maxEscalations()))
                .plus(attempt.plus(wait).plus(options.queueTimeout()).multipliedBy(retries))
                .plus(MARGIN);
    }

    Invocation toInvocation(
            String correlationId,
            Instant createdAt,
            List<BlobAddress> bundleAddresses,
            Payload payload,
            int replyPartition) {
        return invocation(
                correlationId,
                createdAt,
                createdAt,
                bundleAddresses,
                payload,
                Optional.of(replyPartition));
    }

    /**
     * The same as one that nobody waits for on Kafka.
     *
     * @param startsAt from when on its deadlines count
     */
    Invocation toJob(
            String id,
            Instant createdAt,
            Instant startsAt,
            List<BlobAddress> bundleAddresses,
            Payload payload) {
        return invocation(id, createdAt, startsAt, bundleAddresses, payload, Optional.empty());
    }

    private Invocation invocation(
            String correlationId,
            Instant createdAt,
            Instant startsAt,
            List<BlobAddress> bundleAddresses,
            Payload payload,
            Optional<Integer> replyPartition) {
        // All fields at once: the builder copies the default of each that is left out.
        return new Invocation(
                correlationId,
                createdAt.toEpochMilli(),
                encoded.bytes(bundleAddresses).bytes(),
                payload,
                replyPartition.orElse(NOBODY_WAITS),
                limits(startsAt),
                null,
                null,
                0,
                replyPartition.isEmpty(),
                function().wantsLogs(),
                "",
                function().options().keepResult().map(Duration::toMillis).orElse(0L),
                0,
                function().options().webhook().orElse(""));
    }

    private Limits limits(Instant startsAt) {
        Options options = function().options();
        return new Limits(
                startsAt.plus(options.queueTimeout()).toEpochMilli(),
                deadline(startsAt).toEpochMilli(),
                options.timeout().toMillis(),
                options.startTimeout().toMillis(),
                options.buildTimeout().toMillis());
    }
}
