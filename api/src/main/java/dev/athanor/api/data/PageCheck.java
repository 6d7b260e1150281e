package dev.athanor.api.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Looks for the chunks of a page, several files at a time: making a file durable is mostly waiting,
 * and file systems make many durable at once.
 */
final class PageCheck {
    private static final int THREADS = 8;

    private final StagedFiles files;

    PageCheck(StagedFiles files) {
        this.files = files;
    }

    /** Positions of lacking chunks over all files of the page. */
    BitSet lacking(ManifestPage page) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<BitSet>> results = new ArrayList<>();
            List<Entry.File> checked = new ArrayList<>();
            for (Entry entry : page.entries()) {
                if (entry instanceof Entry.File file) {
                    checked.add(file);
                    results.add(threads.submit(() -> files.lacking(file)));
                }
            }
            return gather(checked, results);
        } finally {
            threads.shutdownNow();
        }
    }

    private static BitSet gather(List<Entry.File> checked, List<Future<BitSet>> results)
            throws IOException {
        BitSet lacking = new BitSet();
        int first = 0;
        for (int i = 0; i < checked.size(); i++) {
            int from = first;
            result(results.get(i)).stream().forEach(index -> lacking.set(from + index));
            first += checked.get(i).content().count();
        }
        return lacking;
    }

    private static BitSet result(Future<BitSet> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new UncheckedIOException(new IOException(e.getCause()));
        }
    }
}
