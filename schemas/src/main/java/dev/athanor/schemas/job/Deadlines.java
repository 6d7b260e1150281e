package dev.athanor.schemas.job;

import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Limits;

/** Deadlines of invocations that are made of others. */
public final class Deadlines {
    private Deadlines() {}

    /**
     * The limits of an invocation with its deadlines as far from another time as they are from when
     * it was made.
     *
     * @param createdAt milliseconds since the epoch
     */
    public static Limits from(long createdAt, Invocation invocation) {
        Limits limits = invocation.getLimits();
        long later = createdAt - invocation.getCreatedAt();
        return Limits.newBuilder(limits)
                .setQueueDeadline(moved(limits.getQueueDeadline(), later))
                .setOverallDeadline(moved(limits.getOverallDeadline(), later))
                .build();
    }

    /** Zero is none, and stays so. */
    private static long moved(long deadline, long later) {
        return deadline <= 0 ? deadline : deadline + later;
    }
}
