package dev.athanor.api;

import dev.athanor.api.data.ChunkDigests;
import dev.athanor.api.data.Chunks;
import dev.athanor.api.data.Entry;
import dev.athanor.api.data.ManifestPage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A folder of the caller's that is synced, read a page at a time. For one thread. */
final class LocalTree {
    private static final int MOST_ENTRIES = 1_000;
    private static final int MOST_CHUNKS = 4_000;
    private static final String OPTION = "localDir";

    private final Path root;
    private final long bytes;

    private LocalTree(Path root) {
        this.root = root;
        this.bytes = check();
    }

    /**
     * The folder, once all that is in it has been found fit to be synced.
     *
     * @throws InvalidOptionException when it is no folder, or something in it is neither a file, a
     *     folder nor a link within
     * @throws SyncFailedException when it cannot be read
     */
    static LocalTree open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidOptionException(OPTION, folder.toString(), "a folder that exists");
        }
        try {
            return new LocalTree(folder.toRealPath());
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /** The folder itself, free of links. */
    Path root() {
        return root;
    }

    Path file(Entry.File file) {
        return root.resolve(file.path());
    }

    /** Bytes of all its files, when it was opened. */
    long bytes() {
        return bytes;
    }

    /** Refuses what cannot be synced, and returns the bytes of all files. */
    private long check() {
        long sum = 0;
        TreeWalk walk = new TreeWalk(root);
        while (walk.hasNext()) {
            TreeWalk.Found found = walk.next();
            if (found.attributes().isRegularFile()) {
                sum += found.attributes().size();
            } else if (!found.attributes().isDirectory()) {
                link(found);
            }
        }
        return sum;
    }

    /** All of it, in parts of a thousand entries and 8 GB at most; files are read for that. */
    Iterator<ManifestPage> pages() {
        return new Pages(new TreeWalk(root));
    }

    private Entry entry(TreeWalk.Found found) {
        if (found.attributes().isDirectory()) {
            return fit(found, () -> new Entry.Folder(found.path(), found.mode()));
        }
        return found.attributes().isRegularFile() ? file(found) : link(found);
    }

    private static Entry.File file(TreeWalk.Found found) {
        long size = found.attributes().size();
        try (FileChannel channel =
                FileChannel.open(
                        found.file(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ChunkDigests digests = ChunkDigests.read(channel, size);
            long modified = found.attributes().lastModifiedTime().to(TimeUnit.NANOSECONDS);
            return (Entry.File)
                    fit(
                            found,
                            () ->
                                    new Entry.File(
                                            found.path(), found.mode(), size, modified, digests));
        } catch (IOException e) {
            throw unreadable(found.file(), e);
        }
    }

    private Entry link(TreeWalk.Found found) {
        if (!found.attributes().isSymbolicLink()) {
            throw new InvalidOptionException(
                    OPTION,
                    found.file().toString(),
                    "files, folders and symbolic links, not pipes, sockets or devices");
        }
        try {
            Path target = Files.readSymbolicLink(found.file());
            String text = target.toString().replace('\\', '/');
            if (!Entry.leadsInside(found.path(), text)) {
                text = inside(found).orElseThrow(() -> leadsOutside(found.file(), target));
            }
            String inside = text;
            return fit(found, () -> new Entry.Link(found.path(), inside));
        } catch (IOException e) {
            throw unreadable(found.file(), e);
        }
    }

    /** A target that is not written as one within but leads there, written so that it shows. */
    private Optional<String> inside(TreeWalk.Found link) {
        try {
            Path real = link.file().toRealPath();
            if (!real.startsWith(root)) {
                return Optional.empty();
            }
            String up = "../".repeat((int) link.path().chars().filter(c -> c == '/').count());
            return Optional.of("./" + up + root.relativize(real).toString().replace('\\', '/'));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private InvalidOptionException leadsOutside(Path link, Path target) {
        return new InvalidOptionException(
                OPTION, link + " -> " + target, "links that lead to places inside of " + root);
    }

    /** A name that cannot travel is the caller's to change. */
    private static Entry fit(TreeWalk.Found found, Supplier<Entry> entry) {
        try {
            return entry.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidOptionException(
                    OPTION,
                    found.file().toString(),
                    "names that every system has (%s)".formatted(e.getMessage()));
        }
    }

    static SyncFailedException unreadable(Path path, IOException cause) {
        return new SyncFailedException(
                "%s cannot be read: %s".formatted(path, String.valueOf(cause)), cause);
    }

    private final class Pages implements Iterator<ManifestPage> {
        private final TreeWalk walk;

        Pages(TreeWalk walk) {
            this.walk = walk;
        }

        @Override
        public boolean hasNext() {
            return walk.hasNext();
        }

        @Override
        public ManifestPage next() {
            if (!walk.hasNext()) {
                throw new NoSuchElementException();
            }
            List<Entry> entries = new ArrayList<>();
            long chunks = 0;
            while (walk.hasNext() && entries.size() < MOST_ENTRIES && chunks < MOST_CHUNKS) {
                Entry entry = entry(walk.next());
                entries.add(entry);
                chunks += entry instanceof Entry.File file ? Chunks.count(file.size()) : 0;
            }
            return new ManifestPage(entries);
        }
    }
}
