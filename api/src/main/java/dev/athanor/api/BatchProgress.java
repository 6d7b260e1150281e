package dev.athanor.api;

/**
 * How the members of a batch fare. Together they are all of it.
 *
 * @param total how many there are
 * @param queued how many wait
 * @param running how many an agent prepares or runs
 * @param done how many returned
 * @param failed how many did not, for whatever reason
 * @param cancelled how many were cancelled
 */
public record BatchProgress(
        int total, int queued, int running, int done, int failed, int cancelled) {
    /** Whether nothing of it changes any more, unless it is asked for. */
    public boolean isEnded() {
        return queued == 0 && running == 0;
    }
}
