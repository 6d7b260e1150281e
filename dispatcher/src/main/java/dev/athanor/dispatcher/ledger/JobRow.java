package dev.athanor.dispatcher.ledger;

import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Topics;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/**
 * A job as its events tell. Merging is the same in whatever order: an end counts before everything
 * else, and of two ends that of the earlier attempt, as its caller takes the first reply; before
 * its end, the later attempt counts, and within an attempt the later state.
 *
 * @param createdAt milliseconds since the epoch by the caller's clock
 * @param changedAt when it came into its state, milliseconds since the epoch by an agent's clock
 * @param agent that has or had it; empty: none
 * @param failureCode why it did not succeed; empty: it did, or has not ended
 * @param events how many events made this
 */
record JobRow(
        Key key,
        String function,
        String machineType,
        JobState state,
        int attempt,
        long createdAt,
        long changedAt,
        String agent,
        Optional<String> failureCode,
        String message,
        long events) {
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_MESSAGE = 4096;
    private static final long ENDS = 1L << 48;
    private static final int RANKS = 16;
    private static final int FIRST_END = 4;

    /** Which of two rows of a job counts: the greatest. The database orders in the same way. */
    private static final Comparator<JobRow> COUNTS =
            Comparator.comparingLong(JobRow::precedence)
                    .thenComparing(JobRow::changedAt, Comparator.reverseOrder())
                    .thenComparing(JobRow::agent);

    /** A job's id is its tenant's to choose, so that two tenants can have the same. */
    record Key(String tenant, UUID id) {}

    /** The row that one event makes; none when it is not as agents and dispatchers write them. */
    static Optional<JobRow> of(JobEvent event) {
        if (event.getState() == JobState.UNKNOWN
                || event.getAttempt() < 1
                || !Topics.isName(event.getTenant())
                || !Topics.isName(event.getMachineType())
                || !(event.getAgent().isEmpty() || Topics.isName(event.getAgent()))) {
            return Optional.empty();
        }
        return JobId.parse(event.getCorrelationId())
                .map(id ->
                        new JobRow(
                                new Key(event.getTenant(), id),
                                text(event.getFunction(), LONGEST_NAME),
                                event.getMachineType(),
                                event.getState(),
                                event.getAttempt(),
                                event.getCreatedAt(),
                                event.getAt(),
                                event.getAgent(),
                                Optional.ofNullable(event.getFailureCode()).map(Enum::name),
                                text(event.getMessage(), LONGEST_MESSAGE),
                                1));
    }

    JobRow merge(JobRow other) {
        JobRow counts = COUNTS.compare(this, other) >= 0 ? this : other;
        return new JobRow(
                key,
                counts.function,
                counts.machineType,
                counts.state,
                counts.attempt,
                counts.createdAt,
                counts.changedAt,
                counts.agent,
                counts.failureCode,
                counts.message,
                events + other.events);
    }

    /** Differs for every two states and attempts. */
    long precedence() {
        return isEnd() ? ENDS - (long) attempt * RANKS - rank() : (long) attempt * RANKS + rank();
    }

    private boolean isEnd() {
        return rank() >= FIRST_END;
    }

    /** Its place within an attempt; part of what lies in the database, so never changed. */
    private int rank() {
        return switch (state) {
            case UNKNOWN -> 0;
            case QUEUED -> 1;
            case STARTING -> 2;
            case RUNNING -> 3;
            case SUCCEEDED -> FIRST_END;
            case FAILED -> 5;
            case TIMED_OUT -> 6;
            case CANCELLED -> 7;
            case EXPIRED -> 8;
            case LOST -> 9;
        };
    }

    /** As much of it as the database is to hold, without the one character that it cannot. */
    private static String text(String given, int longest) {
        int end = Math.min(given.length(), longest);
        if (end > 0 && end < given.length() && Character.isHighSurrogate(given.charAt(end - 1))) {
            end--;
        }
        return given.substring(0, end).replace('\0', '\uFFFD');
    }
}
