package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.ledger.JobId;
import java.util.Optional;
import java.util.UUID;

/**
 * The ids of a batch and its members. A batch's is a UUID of version 7 that ends in 32 zero bits;
 * in its members' those say the index plus one, in 24 bits, and which run of that member it is, in
 * 8. So the jobs of a batch lie side by side in the ledger, by index and then by run, and a member
 * that is published twice is the same job twice. Part of what lies in the database, and of what
 * clients rely on.
 */
final class MemberId {
    /** How often members can be run again. */
    static final int MOST_RUNS = 255;

    private static final long MEMBER = 0xFFFF_FFFFL;
    private static final int RUN_BITS = 8;

    private MemberId() {}

    /** The batch's id, where the text is one. */
    static Optional<UUID> parseBatch(String text) {
        return JobId.parse(text).filter(id -> (id.getLeastSignificantBits() & MEMBER) == 0);
    }

    /**
     * The id of a member's run.
     *
     * @param index from 0
     * @param run 0: the first
     */
    static UUID of(UUID batch, int index, int run) {
        return new UUID(
                batch.getMostSignificantBits(),
                batch.getLeastSignificantBits() | (index + 1L) << RUN_BITS | run);
    }

    /** Below every id of the member, and above those of members before it. */
    static UUID before(UUID batch, int index) {
        return of(batch, index - 1, MOST_RUNS);
    }

    /** Not below any id of a member. */
    static UUID last(UUID batch) {
        return new UUID(batch.getMostSignificantBits(), batch.getLeastSignificantBits() | MEMBER);
    }

    static int index(UUID member) {
        return (int) ((member.getLeastSignificantBits() & MEMBER) >>> RUN_BITS) - 1;
    }

    static int run(UUID member) {
        return (int) (member.getLeastSignificantBits() & MOST_RUNS);
    }
}
