package dev.athanor.api.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/**
 * A far end in this process, which notes what it is sent and can break off. Its steps come one
 * after the other: locks between processes say nothing within one.
 */
public final class DirectFolder implements RemoteFolder {
    private final RemoteFolder folder;
    private final List<Integer> sent = Collections.synchronizedList(new ArrayList<>());
    private volatile int batchesLeft = Integer.MAX_VALUE;
    private volatile boolean forgets;

    public DirectFolder(Path root, String folder) {
        this.folder = new SyncedFolder(root, DataPath.parse(folder));
    }

    /** Sizes of the chunks that were sent, in no order. */
    public List<Integer> sent() {
        return List.copyOf(sent);
    }

    public void forgetWhatWasSent() {
        sent.clear();
    }

    /** Breaks off after so many batches. */
    public void breakOffAfter(int batches) {
        batchesLeft = batches;
    }

    /** From now on keeps nothing. */
    public void keepNothing() {
        forgets = true;
    }

    @Override
    public BitSet lacking(String session, int number, byte[] page) throws IOException {
        synchronized (DirectFolder.class) {
            return folder.lacking(session, number, page);
        }
    }

    @Override
    public void store(List<SentChunk> chunks) throws IOException {
        synchronized (this) {
            if (batchesLeft == 0) {
                throw new IOException("broken off");
            }
            batchesLeft--;
        }
        chunks.forEach(chunk -> sent.add(chunk.length()));
        if (!forgets) {
            synchronized (DirectFolder.class) {
                folder.store(chunks);
            }
        }
    }

    @Override
    public BitSet commit(String session, int pages) throws IOException {
        synchronized (DirectFolder.class) {
            return folder.commit(session, pages);
        }
    }
}
