package dev.athanor.environment.pool;

import dev.athanor.environment.sandbox.SandboxKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The books of a pool: which sandboxes there are, and which of them are idle. Not thread-safe. */
final class LiveSandboxes {

    /** In the order in which they were last lent or given back, oldest first. */
    private final List<LiveSandbox> entries = new ArrayList<>();

    void add(LiveSandbox entry) {
        entries.add(entry);
    }

    /** Lends the idle sandbox of a key that was used last; null if none is hot. */
    @Nullable LiveSandbox lendHot(SandboxKey key, long now) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            LiveSandbox entry = entries.get(i);
            if (entry.key().equals(key) && entry.isHot(now)) {
                entry.lend();
                entries.remove(i);
                entries.add(entry);
                return entry;
            }
        }
        return null;
    }

    /**
     * Takes a sandbox back. One that is not to be kept is struck off.
     *
     * @return false if it was struck off just now, so that the caller has to close it
     */
    boolean takeBack(LiveSandbox entry, long now, long keepAliveNanos) {
        if (!entries.remove(entry)) {
            return true;
        }
        entry.giveBack(now, keepAliveNanos);
        if (!entry.isHot(now)) {
            return false;
        }
        entries.add(entry);
        return true;
    }

    /** Strikes a sandbox off; false if it was already. */
    boolean remove(LiveSandbox entry) {
        return entries.remove(entry);
    }

    /** Strikes off the idle sandbox that was used least recently; null if all are busy. */
    @Nullable LiveSandbox removeOldestIdle() {
        for (LiveSandbox entry : entries) {
            if (entry.isIdle()) {
                entries.remove(entry);
                return entry;
            }
        }
        return null;
    }

    /** Strikes off the idle sandboxes that are not hot any more. */
    List<LiveSandbox> removeCold(long now) {
        List<LiveSandbox> cold = new ArrayList<>();
        for (Iterator<LiveSandbox> all = entries.iterator(); all.hasNext(); ) {
            LiveSandbox entry = all.next();
            if (entry.isIdle() && !entry.isHot(now)) {
                all.remove();
                cold.add(entry);
            }
        }
        return cold;
    }

    List<LiveSandbox> removeAll() {
        List<LiveSandbox> all = List.copyOf(entries);
        entries.clear();
        return all;
    }

    List<HotStatus> status(long now) {
        return entries.stream()
                .map(entry ->
                        new HotStatus(
                                entry.key(),
                                entry.machineType(),
                                entry.isIdle(),
                                Duration.ofNanos(entry.remainingNanos(now))))
                .toList();
    }
}
