package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.batch.BatchStore.Inputs;
import dev.athanor.dispatcher.batch.BatchStore.Template;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A batch that is being fed: which members are under way, and which come next. It knows what it
 * gave out before the ledger does, so it is of no more use when that was not committed. For one
 * thread.
 */
final class FedBatch {
    private static final int PAGE = 500;

    /** How many pages are looked through at a time for members to run again. */
    private static final int MOST_PAGES = 20;

    private final BatchKey key;
    private final BatchStore store;
    private final MemberQueries members;
    private final Map<Integer, UUID> underWay = new HashMap<>();
    private final Set<UUID> told = new HashSet<>();
    private Batch batch;

    /** The first index that was never queued. */
    private int next;

    /** Where looking for members of the present run goes on, and what it has found. */
    private int run;

    private int lookFrom;
    private boolean isLookedThrough;
    private final Deque<Integer> toRunAgain = new ArrayDeque<>();

    private @Nullable Template template;
    private @Nullable Inputs inputs;

    /** Begins where the ledger says, which must have read all that was ever committed. */
    FedBatch(BatchKey key, Batch batch, BatchStore store, MemberQueries members) {
        this.key = key;
        this.batch = batch;
        this.store = store;
        this.members = members;
        this.run = batch.run();
        this.next = members.lastIndex(key).map(last -> last + 1).orElse(0);
        members.underWay(key).forEach(id -> underWay.put(MemberId.index(id), id));
    }

    BatchKey key() {
        return key;
    }

    Batch batch() {
        return batch;
    }

    /** What was asked of it meanwhile. */
    void update(Batch present) {
        batch = present;
        if (present.run() != run) {
            run = present.run();
            lookFrom = 0;
            isLookedThrough = false;
            toRunAgain.clear();
        }
    }

    Collection<UUID> underWay() {
        return underWay.values();
    }

    void ended(Set<UUID> ids) {
        underWay.values().removeIf(ids::contains);
        told.removeAll(ids);
    }

    /** Those under way of which this was not asked before. */
    List<UUID> untold() {
        return underWay.values().stream().filter(told::add).toList();
    }

    /** The next member to queue, which is under way from then on. */
    Optional<Member> take() {
        if (batch.isCancelled()) {
            return Optional.empty();
        }
        if (!batch.isRunFed()) {
            look();
            Integer again = toRunAgain.poll();
            if (again != null) {
                return Optional.of(member(again, run));
            }
        }
        return next < batch.total() ? Optional.of(member(next++, 0)) : Optional.empty();
    }

    private void look() {
        for (int i = 0; i < MOST_PAGES && toRunAgain.isEmpty() && !isLookedThrough; i++) {
            List<MemberRow> page = members.page(key, lookFrom, PAGE);
            for (MemberRow row : page) {
                if (row.awaitsRun(batch) && !underWay.containsKey(row.index())) {
                    toRunAgain.add(row.index());
                }
                lookFrom = row.index() + 1;
            }
            isLookedThrough = page.size() < PAGE;
        }
    }

    /** One that is under way, once more. */
    Member again(UUID id) {
        return member(MemberId.index(id), MemberId.run(id));
    }

    private Member member(int index, int ofRun) {
        Template known = template;
        if (known == null || !known.holds(index)) {
            known = store.template(key, index);
            template = known;
        }
        Inputs read = inputs;
        if (read == null || !read.holds(index)) {
            read = store.inputs(key, index);
            inputs = read;
        }
        UUID id = MemberId.of(key.id(), index, ofRun);
        underWay.put(index, id);
        return new Member(
                key, id, batch.function(), batch.machineType(), known.invocation(), read.of(index));
    }

    /** Whether all members are queued that the present run is about. */
    boolean isRunFed() {
        return batch.isRunFed() || batch.isCancelled() || (isLookedThrough && toRunAgain.isEmpty());
    }

    /** Whether nothing is left to do. */
    boolean isEnded() {
        return underWay.isEmpty() && isRunFed() && (batch.isCancelled() || next >= batch.total());
    }
}
