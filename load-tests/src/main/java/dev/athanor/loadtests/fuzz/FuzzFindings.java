package dev.athanor.loadtests.fuzz;

/**
 * What became of the records.
 *
 * @param records how many were written in all
 * @param invocations how many of them into the queue, and how many supervision put there since
 * @param deadLetters how many of those the agent could not read and wrote as dead letters
 * @param ended how many of those it read, and wrote replies to
 * @param groupDeadLetters how many records Kafka itself gave up
 * @param slotsServing in how many slots a real call ran at one time afterwards
 * @param whole whether every thread of agent and dispatcher still does its work
 */
record FuzzFindings(
        long records,
        long invocations,
        long deadLetters,
        long ended,
        long groupDeadLetters,
        int slotsServing,
        boolean whole) {
    /** Records of the queue that nobody accounts for. */
    long missing() {
        return invocations - deadLetters - ended;
    }

    boolean allHold() {
        return missing() == 0
                && groupDeadLetters == 0
                && slotsServing == FuzzCluster.SLOTS
                && whole;
    }
}
