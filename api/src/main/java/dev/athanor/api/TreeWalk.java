package dev.athanor.api;

import dev.athanor.api.data.Modes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Walks through a folder: the folder first, members by name, each folder before what is in it.
 * Follows no links, and holds the names of the members of the folders that it is in.
 */
final class TreeWalk implements Iterator<TreeWalk.Found> {
    private static final int MODE_OF_FOLDERS = 0755;
    private static final int MODE_OF_FILES = 0644;

    /**
     * A member of the folder.
     *
     * @param path relative to it, with {@code /} between names; empty for itself
     */
    record Found(String path, Path file, BasicFileAttributes attributes) {
        /** Permission bits; those that files usually have where the system has none. */
        int mode() {
            if (attributes instanceof PosixFileAttributes posix) {
                return Modes.of(posix.permissions());
            }
            return attributes.isDirectory() ? MODE_OF_FOLDERS : MODE_OF_FILES;
        }
    }

    private record Open(String path, Path file, Iterator<String> names) {}

    private final Class<? extends BasicFileAttributes> type;
    private final Path root;
    private final Deque<Open> open = new ArrayDeque<>();
    private boolean begun;

    TreeWalk(Path root) {
        this.root = root;
        this.type =
                root.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? PosixFileAttributes.class
                        : BasicFileAttributes.class;
    }

    @Override
    public boolean hasNext() {
        while (!open.isEmpty() && !open.peek().names.hasNext()) {
            open.pop();
        }
        return !begun || !open.isEmpty();
    }

    /**
     * @throws SyncFailedException when it cannot be read
     */
    @Override
    public Found next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (!begun) {
            begun = true;
            return found("", root);
        }
        Open folder = open.element();
        String name = folder.names.next();
        return found(
                folder.path.isEmpty() ? name : folder.path + "/" + name, folder.file.resolve(name));
    }

    private Found found(String path, Path file) {
        try {
            Found found =
                    new Found(
                            path,
                            file,
                            Files.readAttributes(file, type, LinkOption.NOFOLLOW_LINKS));
            if (found.attributes().isDirectory()) {
                open.push(new Open(path, file, names(file).iterator()));
            }
            return found;
        } catch (IOException e) {
            throw LocalTree.unreadable(file, e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> members = Files.newDirectoryStream(folder)) {
            for (Path member : members) {
                names.add(member.getFileName().toString());
            }
        }
        Collections.sort(names);
        return names;
    }
}
