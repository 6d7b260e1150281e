package dev.athanor.dispatcher.supervision;

import org.jspecify.annotations.Nullable;

/**
 * A partition of the leases that this supervisor has: its table, what was rescued of it, and who
 * rescues, once somebody had to. For one thread.
 */
final class SupervisedPartition implements AutoCloseable {
    private static final long UNKNOWN = -1;

    private final LeaseTable table = new LeaseTable();
    private final Rescued rescued = new Rescued();
    private @Nullable Rescuer rescuer;
    private long readUpTo = UNKNOWN;

    LeaseTable table() {
        return table;
    }

    Rescued rescued() {
        return rescued;
    }

    @Nullable Rescuer rescuer() {
        return rescuer;
    }

    /** What was read so far may be outdated by what an earlier rescuer committed. */
    void takenOver(Rescuer newRescuer) {
        rescuer = newRescuer;
        readUpTo = UNKNOWN;
    }

    /** Lets go of the rescuer, which is of no more use. */
    void dropRescuer() {
        if (rescuer != null) {
            rescuer.close();
            rescuer = null;
        }
    }

    boolean knowsEnd() {
        return readUpTo != UNKNOWN;
    }

    /** The table is complete once it was read up to here. */
    void setEnd(long offset) {
        readUpTo = offset;
    }

    boolean isComplete(long position) {
        return knowsEnd() && position >= readUpTo;
    }

    @Override
    public void close() {
        dropRescuer();
    }
}
