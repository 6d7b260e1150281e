package dev.athanor.api;

import dev.athanor.api.data.Chunks;
import dev.athanor.api.data.RemoteFolder;
import dev.athanor.api.data.SentChunk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends chunks in batches of 2 MiB at most, four of them at a time where the heap has room for
 * that. The first failure shows at a later call. For one thread.
 */
final class Sending implements AutoCloseable {
    private static final int MOST_BATCHES = 4;

    /**
     * What a batch under way may take: itself, it again as an argument, as records, and as what the
     * producer sends. With 48 MiB four at a time ran out of memory now and then, two never.
     */
    private static final long HEAP_PER_BATCH = 24L << 20;

    private static final int MOST_CHUNKS = 500;

    private final RemoteFolder remote;
    private final int batches;
    private final ExecutorService threads;
    private final Deque<Future<?>> underWay = new ArrayDeque<>();
    private List<SentChunk> batch = new ArrayList<>();
    private long batchBytes;

    Sending(RemoteFolder remote) {
        this.remote = remote;
        this.batches =
                (int)
                        Math.max(
                                1,
                                Math.min(
                                        Runtime.getRuntime().maxMemory() / HEAP_PER_BATCH,
                                        MOST_BATCHES));
        this.threads =
                Executors.newFixedThreadPool(
                        batches,
                        task -> {
                            Thread thread = new Thread(task, "athanor-sync");
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /** Takes a chunk, and waits while as many batches as may be are under way. */
    void add(SentChunk chunk) throws IOException {
        if (batchBytes + chunk.length() > Chunks.BYTES || batch.size() == MOST_CHUNKS) {
            flush();
        }
        batch.add(chunk);
        batchBytes += chunk.length();
    }

    private void flush() throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        while (underWay.size() >= batches) {
            await(underWay.remove());
        }
        List<SentChunk> full = batch;
        underWay.add(
                threads.submit(() -> {
                    remote.store(full);
                    return null;
                }));
        batch = new ArrayList<>();
        batchBytes = 0;
    }

    /** Sends what is left, and waits until all has arrived. */
    void finish() throws IOException {
        flush();
        while (!underWay.isEmpty()) {
            await(underWay.remove());
        }
    }

    private static void await(Future<?> sent) throws IOException {
        try {
            sent.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledCallException("interrupted while syncing a folder", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof AthanorException known) {
                throw known;
            }
            throw cause instanceof IOException failure ? failure : new IOException(cause);
        }
    }

    /** Cancels what is under way. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
