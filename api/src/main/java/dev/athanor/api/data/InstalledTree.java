package dev.athanor.api.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/** The tree as it lies in place. Links are never followed. */
final class InstalledTree {
    private final Path folder;
    private final FileTime settled;

    /**
     * @param folder its root, which need not be there yet
     * @param settled what was modified before then will not change unseen
     */
    InstalledTree(Path folder, FileTime settled) {
        this.folder = folder;
        this.settled = settled;
    }

    Path file(String path) {
        return path.isEmpty() ? folder : folder.resolve(path);
    }

    /** Whether the file is in place with exactly this content, whatever its mode. */
    boolean holds(Entry.File file) throws IOException {
        Optional<BasicFileAttributes> attributes = regular(file.path());
        if (attributes.isEmpty() || attributes.get().size() != file.size()) {
            return false;
        }
        Path path = file(file.path());
        Optional<ContentId> remembered = RememberedContent.of(path, attributes.get());
        if (remembered.isPresent()) {
            return remembered.get().equals(file.id());
        }
        if (!digests(path, file.size()).equals(Optional.of(file.content()))) {
            return false;
        }
        RememberedContent.put(path, attributes.get(), file.id(), settled);
        return true;
    }

    /** What is there where all above it are folders and it is a regular file. */
    Optional<BasicFileAttributes> regular(String path) {
        Path above = folder;
        if (!isFolder(above)) {
            return Optional.empty();
        }
        for (String name : Names.of(Names.parent(path))) {
            above = above.resolve(name);
            if (!isFolder(above)) {
                return Optional.empty();
            }
        }
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(
                            file(path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? Optional.of(attributes) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A function may change the file meanwhile: it is not what was expected then. */
    private static Optional<ChunkDigests> digests(Path path, long size) {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(ChunkDigests.read(channel, size));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }
}
