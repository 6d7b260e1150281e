package dev.athanor.dispatcher.batch;

import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What a feeder works with.
 *
 * @param publishers takes over from whoever published before
 * @param scan finds what was written
 * @param catchUp waits until the ledger has read all that lies in Kafka
 * @param slots says how many calls of a machine type run at once, just now
 */
record FeederParts(
        BatchStore store,
        MemberQueries members,
        UploadStore uploads,
        BatchTables tables,
        Supplier<MemberPublisher> publishers,
        QueueScan scan,
        CatchUp catchUp,
        Supplier<ToIntFunction<String>> slots) {
    /** Waits. */
    @FunctionalInterface
    interface CatchUp {
        /**
         * Returns when it is done.
         *
         * @throws dev.athanor.dispatcher.job.JobsUnavailableException when it takes too long
         */
        void run() throws InterruptedException;
    }
}
