package dev.athanor.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A function that runs at the times of a {@link Cron}, as jobs, for as long as the schedule is
 * there, whatever becomes of who made it. It is kept by the cluster's dispatcher. Safe for any
 * number of threads.
 *
 * <p>Every method throws an {@link AthanorException} when the dispatcher cannot be asked, and
 * {@link NoSuchJobException} when it knows no such schedule.
 */
public interface Schedule {
    /**
     * The schedule of that name on the cluster of {@link Athanor#cloud()}. Nothing is asked for
     * yet.
     */
    static Schedule named(String name) {
        return CloudHost.INSTANCE.schedule(name);
    }

    /**
     * A schedule as it is now.
     *
     * @param nextAt when it fires next; empty: it is paused, or there is no such time
     */
    record Status(
            String name,
            String cron,
            String zone,
            boolean paused,
            String function,
            Optional<Instant> nextAt) {}

    /**
     * What became of a time.
     *
     * @param job id of its job; empty: the time was missed, and skipped
     */
    record Firing(Instant at, Optional<String> job) {}

    /** What names it. */
    String name();

    /** How it is now. */
    Status status();

    /** Keeps it from firing; jobs that it made go on. */
    void pause();

    /** Lets it fire again from now on: what it would have fired meanwhile is not made up for. */
    void resume();

    /**
     * Makes a job now, paused or not.
     *
     * @return its id, for {@link IsolatedFunction#job} and its like
     */
    String runNow();

    /** What became of its times in the last 30 days, the newest first, 1,000 at most. */
    List<Firing> firings();

    /** Deletes it; jobs that it made go on. */
    void delete();
}
