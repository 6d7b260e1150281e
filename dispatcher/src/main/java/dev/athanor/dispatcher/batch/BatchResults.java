package dev.athanor.dispatcher.batch;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads pages of results as they are just now. Safe for any number of threads. */
final class BatchResults {
    /** How many members are looked at for one page. */
    private static final int MOST_LOOKED_AT = 2_000;

    /** A reply has 256 KiB or little more, so these are never many bytes. */
    private static final int REPLIES_AT_ONCE = 20;

    private static final int MOST_BYTES = 4 << 20;

    private final BatchQueries batches;
    private final MemberQueries members;
    private final ReplyQueries replies;
    private final InstantSource clock;

    BatchResults(
            BatchQueries batches,
            MemberQueries members,
            ReplyQueries replies,
            InstantSource clock) {
        this.batches = batches;
        this.members = members;
        this.replies = replies;
        this.clock = clock;
    }

    /**
     * The results after the cursor that there are.
     *
     * @param failedOnly leaves out those of members that returned
     * @param limit how many at most
     * @return empty: there is no such batch
     */
    Optional<Page> page(
            BatchKey key, ResultOrder order, boolean failedOnly, ResultCursor cursor, int limit) {
        return batches.find(key)
                .map(batch -> {
                    int looked = failedOnly ? MOST_LOOKED_AT : Math.min(limit, MOST_LOOKED_AT);
                    Found found =
                            order == ResultOrder.INDEX
                                    ? inOrder(key, batch, cursor, looked)
                                    : asCompleted(key, batch, cursor, looked);
                    return read(key, batch, found, failedOnly, limit);
                });
    }

    /**
     * A page.
     *
     * @param hasMoved whether the cursor is another one
     */
    record Page(List<MemberResult> results, ResultCursor next, boolean isLast, boolean hasMoved) {}

    /**
     * What a page may hold.
     *
     * @param ended by index; null: it was never queued
     * @param before the cursor that these come after
     * @param next the cursor once all are given
     */
    private record Found(
            TreeMap<Integer, @Nullable MemberRow> ended, ResultCursor before, ResultCursor next) {}

    private Found inOrder(BatchKey key, Batch batch, ResultCursor cursor, int looked) {
        TreeMap<Integer, @Nullable MemberRow> ended = new TreeMap<>();
        int from = cursor.from();
        for (MemberRow row : members.page(key, from, looked)) {
            if (row.index() >= batch.total() || !fill(ended, batch, from, row.index(), looked)) {
                break;
            }
            from = row.index();
            if (!row.isEnded(batch)) {
                return new Found(ended, cursor, ResultCursor.of(from, List.of()));
            }
            ended.put(from++, row);
        }
        if (isOver(batch)) {
            int most = Math.min(batch.total(), cursor.from() + looked);
            for (; from < most; from++) {
                ended.put(from, null);
            }
        } else {
            from = ended.isEmpty() ? cursor.from() : ended.lastKey() + 1;
        }
        return new Found(ended, cursor, ResultCursor.of(from, List.of()));
    }

    /** Members between that were never queued, and now never are; whether that is so. */
    private static boolean fill(
            Map<Integer, @Nullable MemberRow> ended, Batch batch, int from, int to, int looked) {
        if (from == to) {
            return true;
        }
        if (!isOver(batch) || to - from > looked) {
            return false;
        }
        for (int index = from; index < to; index++) {
            ended.put(index, null);
        }
        return true;
    }

    private static boolean isOver(Batch batch) {
        return batch.isCancelled() && batch.endedAt().isPresent();
    }

    private Found asCompleted(BatchKey key, Batch batch, ResultCursor cursor, int looked) {
        TreeMap<Integer, @Nullable MemberRow> ended = new TreeMap<>();
        NavigableSet<Integer> open = new TreeSet<>(cursor.open());
        for (MemberRow row : members.latest(key, cursor.open())) {
            if (row.isEnded(batch) && ended.size() < looked) {
                ended.put(row.index(), row);
                open.remove(row.index());
            }
        }
        int from = cursor.from();
        int most = looked - ended.size();
        List<MemberRow> page = most > 0 ? members.page(key, from, most) : List.of();
        for (MemberRow row : page) {
            if (!fill(ended, batch, from, row.index(), looked)
                    || open.size() >= ResultCursor.MOST_OPEN
                    || row.index() >= batch.total()) {
                break;
            }
            from = row.index() + 1;
            if (row.isEnded(batch)) {
                ended.put(row.index(), row);
            } else {
                open.add(row.index());
            }
        }
        if (isOver(batch) && page.size() < most) {
            int end = Math.min(batch.total(), from + most);
            for (; from < end; from++) {
                ended.put(from, null);
            }
        }
        return new Found(ended, cursor, ResultCursor.of(from, open));
    }

    private Page read(BatchKey key, Batch batch, Found found, boolean failedOnly, int limit) {
        List<MemberResult> results = new ArrayList<>();
        NavigableSet<Integer> left = new TreeSet<>(found.ended().navigableKeySet());
        long bytes = 0;
        while (!left.isEmpty() && results.size() < limit && bytes < MOST_BYTES) {
            List<MemberRow> rows = new ArrayList<>();
            List<MemberResult> group = new ArrayList<>();
            while (!left.isEmpty()
                    && rows.size() < REPLIES_AT_ONCE
                    && results.size() + group.size() + rows.size() < limit) {
                int index = left.removeFirst();
                MemberRow row = found.ended().get(index);
                if (row == null) {
                    group.add(ReplyQueries.neverQueued(key, index));
                } else if (!failedOnly || row.hasFailed()) {
                    rows.add(row);
                }
            }
            group.addAll(replies.read(key.tenant(), rows, clock.millis()));
            group.sort(Comparator.comparingInt(MemberResult::index));
            results.addAll(group);
            bytes += group.stream().mapToLong(BatchResults::size).sum();
        }
        ResultCursor next = next(found, left);
        boolean isLast = next.from() >= batch.total() && next.open().isEmpty();
        return new Page(results, next, isLast, !next.equals(found.before()));
    }

    /** What is left of a page is given with the next one. */
    private static ResultCursor next(Found found, NavigableSet<Integer> left) {
        if (left.isEmpty()) {
            return found.next();
        }
        NavigableSet<Integer> open = new TreeSet<>(found.next().open());
        int from = Math.min(found.next().from(), Math.max(left.first(), found.before().from()));
        open.addAll(left.headSet(from, false));
        open.removeIf(index -> index >= from);
        return new ResultCursor(from, open);
    }

    private static long size(MemberResult result) {
        var payload = result.reply().getResult();
        return payload == null ? 0 : payload.getContent().remaining();
    }
}
