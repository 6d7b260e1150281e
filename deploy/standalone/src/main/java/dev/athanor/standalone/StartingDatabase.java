package dev.athanor.standalone;

import dev.athanor.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** An embedded PostgreSQL that starts while other things do. Safe for any number of threads. */
final class StartingDatabase implements AutoCloseable {
    private final FutureTask<EmbeddedPostgres> start;

    private StartingDatabase(FutureTask<EmbeddedPostgres> start) {
        this.start = start;
    }

    /** Begins to start it, with its data in that folder. */
    static StartingDatabase in(Path folder) {
        FutureTask<EmbeddedPostgres> start = new FutureTask<>(() -> EmbeddedPostgres.start(folder));
        Thread.ofPlatform().name("postgres-start").start(start);
        return new StartingDatabase(start);
    }

    /**
     * Where it is, once it takes connections.
     *
     * @throws dev.athanor.embedded.EmbeddedPostgresException when it did not start
     */
    String url() throws InterruptedException {
        try {
            return start.get().url();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("the embedded PostgreSQL did not start", e.getCause());
        }
    }

    /** Stops it, where it started. */
    @Override
    public void close() {
        try {
            start.get().close();
        } catch (ExecutionException e) {
            // Nothing runs. Who asked for its URL was told why.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
