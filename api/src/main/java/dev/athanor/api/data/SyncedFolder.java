package dev.athanor.api.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A folder below {@code /data} that a caller's folder is synced to, where it lies. Every step can
 * be taken again, also while another caller syncs to the same folder: trees are put in place one
 * after the other, each wholly, and the last one stays.
 */
public final class SyncedFolder implements RemoteFolder {
    /** Longer than any file system's clock stands still. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    /** An interrupted upload can go on for so long. */
    private static final Duration KEPT = Duration.ofDays(1);

    private final Path root;
    private final DataPath target;
    private final Staging staging;

    /**
     * @param root what functions see as {@code /data}
     * @param target the folder, which is made when missing
     */
    public SyncedFolder(Path root, DataPath target) {
        this.root = root;
        this.target = target;
        this.staging = new Staging(root, target);
    }

    @Override
    public BitSet lacking(String session, int number, byte[] page) throws IOException {
        ManifestPage entries = ManifestPage.decode(page);
        prepare();
        staging.keep(session, number, page);
        // What is found whole is what is put aside: nobody else may begin it anew in between.
        FolderLock lock = FolderLock.exclusive(staging.filesLock());
        try (lock) {
            return new PageCheck(files(installed(staging.now()))).lacking(entries);
        }
    }

    @Override
    public void store(List<SentChunk> chunks) throws IOException {
        prepare();
        StagedFiles files = files(installed(Instant.MIN));
        FolderLock lock = FolderLock.shared(staging.filesLock());
        try (lock) {
            for (SentChunk chunk : chunks) {
                files.store(chunk);
            }
        }
    }

    @Override
    public BitSet commit(String session, int pages) throws IOException {
        prepare();
        FolderLock lock = FolderLock.exclusive(staging.commitLock());
        try (lock) {
            Instant now = staging.now();
            BitSet missing = missing(session, pages, installed(now));
            if (missing.isEmpty()) {
                place(session, pages, now);
                Trees.delete(staging.session(session));
                staging.sweep(now.minus(KEPT));
            }
            return missing;
        }
    }

    /** Looks at everything before anything is changed. */
    private BitSet missing(String session, int pages, InstalledTree installed) throws IOException {
        StagedFiles files = files(installed);
        ManifestOrder order = new ManifestOrder();
        BitSet missing = new BitSet();
        for (int number = 0; number < pages; number++) {
            Optional<ManifestPage> page = staging.kept(session, number);
            if (page.isEmpty()) {
                missing.set(number);
                continue;
            }
            for (Entry entry : page.get().entries()) {
                if (missing.isEmpty()) {
                    order.next(entry);
                }
                if (entry instanceof Entry.File file
                        && !files.isWhole(file)
                        && !installed.holds(file)) {
                    missing.set(number);
                }
            }
        }
        return missing;
    }

    private void place(String session, int pages, Instant now) throws IOException {
        Files.createDirectories(target.in(root).getParent());
        InstalledTree installed = installed(now);
        Placement placement =
                new Placement(installed, files(installed), staging.newLink(), settled(now));
        for (int number = 0; number < pages; number++) {
            for (Entry entry : staging.kept(session, number).orElseThrow().entries()) {
                placement.put(entry);
            }
        }
        placement.end();
        makeDurable(target.in(root));
    }

    /** Where folders can be opened at all, this reaches every rename before it. */
    private static void makeDurable(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The operating system does it in its own time.
            return;
        }
    }

    /** Links of a function's making would lead the tree elsewhere. */
    private void prepare() throws IOException {
        Path path = root;
        for (String name : target.names()) {
            path = path.resolve(name);
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new NotDirectoryException(
                        "%s cannot be synced to: %s is a link or a file"
                                .formatted(target, root.relativize(path)));
            }
        }
        staging.make();
    }

    private InstalledTree installed(Instant now) {
        return new InstalledTree(target.in(root), settled(now));
    }

    private StagedFiles files(InstalledTree installed) {
        return new StagedFiles(staging, installed);
    }

    private static FileTime settled(Instant now) {
        return now.equals(Instant.MIN) ? FileTime.from(now) : FileTime.from(now.minus(SETTLING));
    }
}
