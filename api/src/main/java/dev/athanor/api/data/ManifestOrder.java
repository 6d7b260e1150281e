package dev.athanor.api.data;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Checks that entries, in the order in which they come, describe one tree: its root first, each
 * member after its folder and, within that, after those of lesser names.
 */
final class ManifestOrder {
    /** A folder whose members come. */
    private static final class Open {
        private final String path;
        private String last = "";

        Open(String path) {
            this.path = path;
        }
    }

    private final Deque<Open> open = new ArrayDeque<>();
    private boolean begun;

    /**
     * Takes the next entry.
     *
     * @throws IllegalArgumentException when it cannot be the next one
     */
    void next(Entry entry) {
        if (!begun) {
            begun = true;
            if (!(entry instanceof Entry.Folder) || !entry.path().isEmpty()) {
                throw new IllegalArgumentException("a tree begins with its root");
            }
            open.push(new Open(""));
            return;
        }
        String parent = Names.parent(entry.path());
        while (!open.isEmpty() && !open.peek().path.equals(parent)) {
            open.pop();
        }
        Open folder = open.peek();
        String name = Names.last(entry.path());
        if (entry.path().isEmpty() || folder == null || folder.last.compareTo(name) >= 0) {
            throw new IllegalArgumentException(
                    "'%s' cannot come where it does in a tree".formatted(entry.path()));
        }
        folder.last = name;
        if (entry instanceof Entry.Folder) {
            open.push(new Open(entry.path()));
        }
    }
}
