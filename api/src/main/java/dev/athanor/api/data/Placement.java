package dev.athanor.api.data;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Puts a tree in place, entry by entry. Each file appears whole, by a rename; what the tree does
 * not have is deleted from a folder once its last member is there. Holds the names of the members
 * of the folders that it is in. What was interrupted can be done again from the begin.
 */
final class Placement {
    private record Open(String path, int mode, Set<String> members) {}

    private final InstalledTree installed;
    private final StagedFiles staged;
    private final Path temporary;
    private final FileTime settled;
    private final Deque<Open> open = new ArrayDeque<>();

    /**
     * @param temporary a name for links that are made, on the same file system
     * @param settled what was modified before then will not change unseen
     */
    Placement(InstalledTree installed, StagedFiles staged, Path temporary, FileTime settled) {
        this.installed = installed;
        this.staged = staged;
        this.temporary = temporary;
        this.settled = settled;
    }

    /** Puts the next entry in place, in the order of {@link ManifestOrder}. */
    void put(Entry entry) throws IOException {
        leave(Names.parent(entry.path()), entry.path().isEmpty());
        Open folder = open.peek();
        if (folder != null) {
            folder.members.add(Names.last(entry.path()));
        }
        Path path = installed.file(entry.path());
        if (entry instanceof Entry.Folder next) {
            makeFolder(path);
            open.push(new Open(next.path(), next.mode(), new HashSet<>()));
        } else if (entry instanceof Entry.File file) {
            putFile(file, path);
        } else if (entry instanceof Entry.Link link) {
            putLink(link, path);
        }
    }

    /** Ends the folders that are still open. */
    void end() throws IOException {
        while (!open.isEmpty()) {
            close(open.pop());
        }
    }

    private void leave(String parent, boolean isRoot) throws IOException {
        while (!isRoot && !open.isEmpty() && !open.peek().path.equals(parent)) {
            close(open.pop());
        }
    }

    private void close(Open folder) throws IOException {
        Path path = installed.file(folder.path);
        try (DirectoryStream<Path> members = Files.newDirectoryStream(path)) {
            for (Path member : members) {
                if (!folder.members.contains(member.getFileName().toString())) {
                    Trees.delete(member);
                }
            }
        }
        Modes.set(path, folder.mode);
    }

    /** A folder that is being filled belongs to its owner. */
    private static void makeFolder(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(path);
            Files.createDirectory(path);
        }
        if (!Files.isWritable(path)) {
            Modes.set(path, Modes.OWN_FOLDER);
        }
    }

    private void putFile(Entry.File file, Path path) throws IOException {
        if (!staged.isWhole(file)) {
            if (installed.regular(file.path()).isEmpty()) {
                throw new NoSuchFileException(
                        path.toString(), null, "it was removed while its tree was put in place");
            }
            Modes.set(path, file.mode());
            return;
        }
        Path whole = staged.whole(file);
        Files.getFileAttributeView(whole, BasicFileAttributeView.class)
                .setTimes(FileTime.from(file.modified(), TimeUnit.NANOSECONDS), null, null);
        RememberedContent.put(
                whole, Files.readAttributes(whole, BasicFileAttributes.class), file.id(), settled);
        // Last: what nobody may write to, its owner may not mark either.
        Modes.set(whole, file.mode());
        rename(whole, path);
    }

    private void putLink(Entry.Link link, Path path) throws IOException {
        if (Files.isSymbolicLink(path)
                && Files.readSymbolicLink(path).toString().equals(link.target())) {
            return;
        }
        Files.deleteIfExists(temporary);
        Files.createSymbolicLink(temporary, Path.of(link.target()));
        rename(temporary, path);
    }

    private static void rename(Path from, Path to) throws IOException {
        if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
            Trees.delete(to);
        }
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
