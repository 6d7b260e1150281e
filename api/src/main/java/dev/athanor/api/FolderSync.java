package dev.athanor.api;

import dev.athanor.api.data.ChunkFile;
import dev.athanor.api.data.Chunks;
import dev.athanor.api.data.Entry;
import dev.athanor.api.data.ManifestPage;
import dev.athanor.api.data.RemoteFolder;
import dev.athanor.api.data.SentChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/**
 * Syncs one folder, page by page: asks what is not there, sends that, and has the whole put in
 * place. Holds a page and some chunks at a time. For one use by one thread.
 */
final class FolderSync {
    /** What is asked for again and again does not stay there. */
    private static final int ROUNDS = 3;

    /** Other callers that sync to the same folder may take what two of them have sent. */
    private static final int COMMITS = 10;

    private final LocalTree tree;
    private final RemoteFolder remote;
    private final SyncProgress progress;
    private final String session = UUID.randomUUID().toString();

    FolderSync(LocalTree tree, RemoteFolder remote, SyncProgress progress) {
        this.tree = tree;
        this.remote = remote;
        this.progress = progress;
    }

    /**
     * Syncs it.
     *
     * @throws SyncFailedException when files change meanwhile, or do not stay where they are sent
     */
    void run() {
        try (Sending sending = new Sending(remote)) {
            for (int round = 0; round < COMMITS; round++) {
                progress.begin();
                int pages = sendPages(sending);
                if (remote.commit(session, pages).isEmpty()) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new SyncFailedException(
                    "%s could not be synced: %s".formatted(tree.root(), e), e);
        }
        throw didNotStay();
    }

    private int sendPages(Sending sending) throws IOException {
        int number = 0;
        for (Iterator<ManifestPage> pages = tree.pages(); pages.hasNext(); number++) {
            send(pages.next(), number, sending);
        }
        return number;
    }

    private void send(ManifestPage page, int number, Sending sending) throws IOException {
        byte[] encoded = page.encode();
        for (int round = 0; round < ROUNDS; round++) {
            BitSet lacking = remote.lacking(session, number, encoded);
            if (round == 0) {
                progress.add(bytes(page) - bytes(page, lacking));
            }
            if (lacking.isEmpty()) {
                return;
            }
            sendChunks(page, lacking, sending);
        }
        throw didNotStay();
    }

    private SyncFailedException didNotStay() {
        return new SyncFailedException(
                "%s could not be synced: what is sent does not stay there".formatted(tree.root()),
                null);
    }

    private static long bytes(ManifestPage page) {
        BitSet all = new BitSet();
        all.set(0, page.chunks());
        return bytes(page, all);
    }

    private static long bytes(ManifestPage page, BitSet chunks) {
        long bytes = 0;
        int first = 0;
        for (Entry entry : page.entries()) {
            if (entry instanceof Entry.File file) {
                for (int index : indexes(file, first, chunks)) {
                    bytes += Chunks.length(file.size(), index);
                }
                first += Chunks.count(file.size());
            }
        }
        return bytes;
    }

    private static List<Integer> indexes(Entry.File file, int first, BitSet chunks) {
        List<Integer> indexes = new ArrayList<>();
        int end = first + Chunks.count(file.size());
        for (int next = chunks.nextSetBit(first);
                next >= 0 && next < end;
                next = chunks.nextSetBit(next + 1)) {
            indexes.add(next - first);
        }
        return indexes;
    }

    private void sendChunks(ManifestPage page, BitSet lacking, Sending sending) throws IOException {
        int first = 0;
        for (Entry entry : page.entries()) {
            if (entry instanceof Entry.File file) {
                List<Integer> indexes = indexes(file, first, lacking);
                if (!indexes.isEmpty()) {
                    sendChunks(file, indexes, sending);
                }
                first += Chunks.count(file.size());
            }
        }
        sending.finish();
    }

    private void sendChunks(Entry.File file, List<Integer> indexes, Sending sending)
            throws IOException {
        Path path = tree.file(file);
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            for (int index : indexes) {
                ByteBuffer chunk = ByteBuffer.allocate(Chunks.length(file.size(), index));
                ChunkFile.read(channel, index, chunk);
                if (!file.content().match(index, chunk.flip())) {
                    throw new IOException(path + " changed while it was synced");
                }
                sending.add(SentChunk.of(file, index, chunk.array()));
                progress.add(chunk.capacity());
            }
        }
    }
}
