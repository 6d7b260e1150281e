package dev.athanor.api.internal.cluster;

import dev.athanor.api.AthanorException;
import dev.athanor.api.Batch;
import dev.athanor.api.BatchProgress;
import dev.athanor.api.BatchResult;
import dev.athanor.api.internal.job.BatchClient;
import dev.athanor.api.internal.job.BatchClient.Page;
import dev.athanor.api.internal.job.BatchClient.Selection;
import dev.athanor.api.internal.payload.ResultReader;
import dev.athanor.schemas.Reply;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A batch of a cluster, asked for at its dispatcher. Safe for any number of threads. */
final class ClusterBatch<R extends @Nullable Object> implements Batch<R> {
    private static final long MEMBER = 0xFFFF_FFFFL;
    private static final int RUN_BITS = 8;

    private final String id;
    private final String function;
    private final Supplier<ResultReader> reader;
    private final JobAccess access;
    private final BatchClient client;

    /**
     * @param function for messages
     * @param reader of its results
     */
    ClusterBatch(String id, String function, Supplier<ResultReader> reader, JobAccess access) {
        this.id = id;
        this.function = function;
        this.reader = reader;
        this.access = access;
        this.client = new BatchClient(access.dispatcher(), id);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public BatchProgress progress() {
        return client.progress();
    }

    @Override
    public BatchProgress rerunFailed() {
        return client.rerun();
    }

    @Override
    public BatchProgress cancel() {
        return client.cancel();
    }

    @Override
    public Stream<BatchResult<R>> results() {
        return stream(Selection.IN_ORDER);
    }

    @Override
    public Stream<BatchResult<R>> resultsAsCompleted() {
        return stream(Selection.AS_COMPLETED);
    }

    @Override
    public Stream<BatchResult<R>> failures() {
        return stream(Selection.FAILED);
    }

    private Stream<BatchResult<R>> stream(Selection selection) {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(
                                new Replies(selection), Spliterator.ORDERED | Spliterator.NONNULL),
                        false)
                .map(this::read);
    }

    /** The function's result is an R: it is what its code returned. */
    @SuppressWarnings({"unchecked", "NullAway"})
    private BatchResult<R> read(Reply reply) {
        String job = reply.getCorrelationId();
        int index = index(job);
        ReplyReader replies =
                new ReplyReader(address -> access.dispatcher().content(job, access.payloadLimit()));
        try {
            return BatchResult.of(index, (R) replies.result(reply, function, reader));
        } catch (AthanorException e) {
            return BatchResult.failed(index, e);
        }
    }

    /** The end of a member's id says its index plus one, and then which run it is. */
    private static int index(String job) {
        long member = UUID.fromString(job).getLeastSignificantBits() & MEMBER;
        return (int) (member >>> RUN_BITS) - 1;
    }

    @Override
    public String toString() {
        return "batch %s of %s".formatted(id, function);
    }

    /** Reads page after page. For one thread. */
    private final class Replies implements Iterator<Reply> {
        private final Selection selection;
        private Iterator<Reply> page = List.<Reply>of().iterator();
        private Optional<String> cursor = Optional.empty();
        private boolean isLast;

        Replies(Selection selection) {
            this.selection = selection;
        }

        @Override
        public boolean hasNext() {
            while (!page.hasNext() && !isLast) {
                Page read = client.results(selection, cursor);
                page = read.replies().iterator();
                cursor = read.next();
                isLast = cursor.isEmpty();
            }
            return page.hasNext();
        }

        @Override
        public Reply next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.next();
        }
    }
}
