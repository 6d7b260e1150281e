package dev.athanor.api.internal.cluster;

import dev.athanor.api.CancelAnswer;
import dev.athanor.api.Job;
import dev.athanor.api.JobStatus;
import dev.athanor.api.internal.payload.ResultReader;
import dev.athanor.schemas.Reply;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A job of a cluster, asked for at its dispatcher. Safe for any number of threads. */
final class ClusterJob<R extends @Nullable Object> implements Job<R> {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final String id;
    private final String function;
    private final Reading reading;
    private final JobAccess access;

    /** Makes a result of a reply. */
    @FunctionalInterface
    interface Reading {
        @Nullable Object read(ReplyReader replies, Reply reply);
    }

    /**
     * @param function for messages
     * @param reader of its result
     */
    ClusterJob(String id, String function, Supplier<ResultReader> reader, JobAccess access) {
        this(id, function, access, (replies, reply) -> replies.result(reply, function, reader));
    }

    /**
     * @param reading of its result
     */
    ClusterJob(String id, String function, JobAccess access, Reading reading) {
        this.id = id;
        this.function = function;
        this.reading = reading;
        this.access = access;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public JobStatus status() {
        return access.dispatcher().status(id);
    }

    @Override
    public CancelAnswer cancel() {
        return access.dispatcher().cancel(id);
    }

    @Override
    public R result() {
        Optional<Reply> reply = Optional.empty();
        while (reply.isEmpty()) {
            reply = access.dispatcher().result(id, LONG);
        }
        return read(reply.get());
    }

    @Override
    public Optional<R> result(Duration limit) {
        long begin = access.ticker().getAsLong();
        Optional<Reply> reply = access.dispatcher().result(id, Duration.ZERO);
        for (Duration left = limit; reply.isEmpty() && left.compareTo(Duration.ZERO) > 0; ) {
            reply = access.dispatcher().result(id, left.compareTo(SHORTEST) < 0 ? SHORTEST : left);
            left = limit.minusNanos(access.ticker().getAsLong() - begin);
        }
        return reply.map(this::read);
    }

    @Override
    public CompletableFuture<R> resultAsync() {
        CompletableFuture<R> result = new CompletableFuture<>();
        follow(result);
        return result;
    }

    private void follow(CompletableFuture<R> result) {
        if (result.isDone()) {
            return;
        }
        var unused =
                access.dispatcher()
                        .resultAsync(id, LONG)
                        .thenAcceptAsync(
                                reply ->
                                        reply.ifPresentOrElse(
                                                ended -> complete(result, ended),
                                                () -> follow(result)),
                                access.threads())
                        .exceptionally(failure -> {
                            result.completeExceptionally(cause(failure));
                            return null;
                        });
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private void complete(CompletableFuture<R> result, Reply reply) {
        try {
            result.complete(read(reply));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    /** The function's result is an R: it is what its code returned. */
    @SuppressWarnings({"unchecked", "NullAway"})
    private R read(Reply reply) {
        ReplyReader replies =
                new ReplyReader(address -> access.dispatcher().content(id, access.payloadLimit()));
        return (R) reading.read(replies, reply);
    }

    @Override
    public String toString() {
        return "job %s of %s".formatted(id, function);
    }
}
