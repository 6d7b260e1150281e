package dev.athanor.api;

/** Where a job is. */
public enum JobState {
    /** It waits for an agent. */
    QUEUED,
    /** Its environment is being built. */
    BUILDING,
    /** Its sandbox is being started. */
    STARTING,
    /** Its function runs. */
    RUNNING,
    /** Its function returned. */
    SUCCEEDED,
    /** Its function threw, or could not be run. */
    FAILED,
    /** It ran for longer than it may. */
    TIMED_OUT,
    /** It was cancelled. */
    CANCELLED,
    /** It had not started when it had to. */
    EXPIRED,
    /** As many agents died with it as it has attempts. */
    LOST,
    /** An attempt failed, and the next one waits for its time; see {@link Athanor#retries}. */
    RETRYING,
    /** It waits for the time that it was submitted for. */
    SCHEDULED,
    /** Something that this release does not know. */
    UNKNOWN;

    /** Whether it is an end: nothing of the job changes any more. */
    public boolean isEnd() {
        return switch (this) {
            case QUEUED, BUILDING, STARTING, RUNNING, RETRYING, SCHEDULED, UNKNOWN -> false;
            case SUCCEEDED, FAILED, TIMED_OUT, CANCELLED, EXPIRED, LOST -> true;
        };
    }
}
