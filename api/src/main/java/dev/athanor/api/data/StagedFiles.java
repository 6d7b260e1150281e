package dev.athanor.api.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;

/**
 * Files on their way into a tree. What has arrived is known by its digest alone, so that an upload
 * can stop anywhere and go on later.
 */
final class StagedFiles {
    private final Staging staging;
    private final InstalledTree installed;

    StagedFiles(Staging staging, InstalledTree installed) {
        this.staging = staging;
        this.installed = installed;
    }

    /**
     * Tells which chunks are to be sent still; for one process at a time. Where none is, the file
     * is whole and durable on return, unless it is in place already.
     */
    BitSet lacking(Entry.File file) throws IOException {
        if (isWhole(file) || installed.holds(file)) {
            return new BitSet();
        }
        Path growing = staging.growing(file.path(), file.id());
        BitSet lacking;
        try (FileChannel part =
                FileChannel.open(
                        growing,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS)) {
            lacking = fill(part, file);
            if (lacking.isEmpty()) {
                part.truncate(file.size());
                part.force(true);
            }
        }
        if (lacking.isEmpty() && !isPutAside(growing, staging.whole(file))) {
            lacking.set(0, file.content().count());
        }
        return lacking;
    }

    /** A file that nobody went on with for long can be swept at this very moment. */
    private static boolean isPutAside(Path growing, Path whole) throws IOException {
        try {
            Files.move(growing, whole, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    boolean isWhole(Entry.File file) throws IOException {
        Path whole = staging.whole(file);
        return Files.isRegularFile(whole, LinkOption.NOFOLLOW_LINKS)
                && Files.size(whole) == file.size();
    }

    Path whole(Entry.File file) {
        return staging.whole(file);
    }

    /** Takes from the file in place what it has in common with its next content. */
    private BitSet fill(FileChannel part, Entry.File file) throws IOException {
        BitSet lacking = new BitSet();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(Chunks.BYTES, file.size()));
        Optional<FileChannel> former = former(file);
        try {
            for (int index = 0; index < file.content().count(); index++) {
                boolean there = has(part, file, index, buffer);
                if (!there && former.isPresent() && has(former.get(), file, index, buffer)) {
                    ChunkFile.write(part, index, buffer.rewind());
                    there = true;
                }
                lacking.set(index, !there);
            }
        } finally {
            if (former.isPresent()) {
                former.get().close();
            }
        }
        return lacking;
    }

    private Optional<FileChannel> former(Entry.File file) throws IOException {
        return installed.regular(file.path()).isPresent()
                ? Optional.of(
                        FileChannel.open(
                                installed.file(file.path()),
                                StandardOpenOption.READ,
                                LinkOption.NOFOLLOW_LINKS))
                : Optional.empty();
    }

    private static boolean has(FileChannel channel, Entry.File file, int index, ByteBuffer buffer)
            throws IOException {
        int length = Chunks.length(file.size(), index);
        if (channel.size() < Chunks.offset(index) + length) {
            return false;
        }
        ChunkFile.read(channel, index, buffer.clear().limit(length));
        return file.content().match(index, buffer.flip());
    }

    /** Writes a chunk that has arrived; whether it is the right one shows later. */
    void store(SentChunk chunk) throws IOException {
        try (FileChannel part =
                FileChannel.open(
                        staging.growing(chunk.path(), chunk.content()),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS)) {
            ChunkFile.write(part, chunk.index(), chunk.bytes());
        }
    }
}
