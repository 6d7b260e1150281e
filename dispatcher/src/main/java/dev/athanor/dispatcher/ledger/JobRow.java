package dev.athanor.dispatcher.ledger;

import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Topics;
import java.util.Comparator;
import java.util.Optional;

/**
 * A job as its events tell. Merging is the same in whatever order: an end counts before everything
 * else, and of two ends that of the earlier attempt, as its caller takes the first reply; before
 * its end, the later attempt counts, within an attempt the later turn, and within that the later
 * state.
 *
 * @param createdAt milliseconds since the epoch by the caller's clock
 * @param changedAt when it came into its state, milliseconds since the epoch by an agent's clock
 * @param turn how often the attempt was handed on before its start
 * @param startedAt when its function was last called, as far as is known, milliseconds since the
 *     epoch by an agent's clock; 0: it was not
 * @param resultExpiresAt until when the result of this end is kept, milliseconds since the epoch;
 *     0: there is none
 * @param agent that has or had it; empty: none
 * @param failureCode why it did not succeed; empty: it did, or has not ended
 * @param events how many events made this
 */
record JobRow(
        JobKey key,
        String function,
        String machineType,
        JobState state,
        int attempt,
        int turn,
        long createdAt,
        long changedAt,
        long startedAt,
        String agent,
        Optional<String> failureCode,
        String message,
        long resultExpiresAt,
        long events) {
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_MESSAGE = 4096;
    private static final long ENDS = 1L << 48;
    private static final int RANKS = 16;
    private static final int MOST_TURNS = (1 << 12) - 1;
    private static final long RANKS_OF_ATTEMPT = (MOST_TURNS + 1L) * RANKS;
    private static final int FIRST_END = 5;

    /** Which of two rows of a job counts: the greatest. The database orders in the same way. */
    private static final Comparator<JobRow> COUNTS =
            Comparator.comparingLong(JobRow::precedence)
                    .thenComparing(JobRow::changedAt, Comparator.reverseOrder())
                    .thenComparing(JobRow::agent);

    /**
     * The row that one event makes; none when it is not as agents and dispatchers write them.
     *
     * @param resultExpiresAt until when its result is kept, if it has one
     */
    static Optional<JobRow> of(JobEvent event, long resultExpiresAt) {
        if (event.getState() == JobState.UNKNOWN
                || event.getAttempt() < 1
                || event.getTurn() < 0
                || event.getStartedAt() < 0
                || !Topics.isName(event.getTenant())
                || !Topics.isName(event.getMachineType())
                || !(event.getAgent().isEmpty() || Topics.isName(event.getAgent()))) {
            return Optional.empty();
        }
        return JobKey.of(event.getTenant(), event.getCorrelationId())
                .map(key ->
                        new JobRow(
                                key,
                                text(event.getFunction(), LONGEST_NAME),
                                event.getMachineType(),
                                event.getState(),
                                event.getAttempt(),
                                event.getTurn(),
                                event.getCreatedAt(),
                                event.getAt(),
                                event.getStartedAt(),
                                event.getAgent(),
                                Optional.ofNullable(event.getFailureCode()).map(Enum::name),
                                text(event.getMessage(), LONGEST_MESSAGE),
                                event.getReply() == null ? 0 : resultExpiresAt,
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
                counts.turn,
                counts.createdAt,
                counts.changedAt,
                Math.max(startedAt, other.startedAt),
                counts.agent,
                counts.failureCode,
                counts.message,
                counts.resultExpiresAt,
                events + other.events);
    }

    /** Differs for every two states, attempts and turns before an end. */
    long precedence() {
        return isEnd()
                ? ENDS - (long) attempt * RANKS - rank()
                : attempt * RANKS_OF_ATTEMPT + (long) Math.min(turn, MOST_TURNS) * RANKS + rank();
    }

    boolean isEnd() {
        return rank() >= FIRST_END && !waits();
    }

    /** Whether it waits for the time of its first or next attempt. */
    boolean waits() {
        return state == JobState.RETRYING || state == JobState.SCHEDULED;
    }

    /** Its place within an attempt; part of what lies in the database, so never changed. */
    private int rank() {
        return switch (state) {
            case UNKNOWN, SCHEDULED -> 0;
            case QUEUED -> 1;
            case BUILDING -> 2;
            case STARTING -> 3;
            case RUNNING -> 4;
            case SUCCEEDED -> FIRST_END;
            case FAILED -> 6;
            case TIMED_OUT -> 7;
            case CANCELLED -> 8;
            case EXPIRED -> 9;
            case LOST -> 10;
            case RETRYING -> RANKS - 1;
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
