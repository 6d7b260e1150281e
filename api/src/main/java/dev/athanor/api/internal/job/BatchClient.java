package dev.athanor.api.internal.job;

import dev.athanor.api.AthanorException;
import dev.athanor.api.BatchProgress;
import dev.athanor.api.UnavailableException;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.UndecodableException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One batch at a dispatcher. Every method throws an {@link AthanorException} when it cannot be
 * asked or does not do it. Safe for any number of threads.
 */
public final class BatchClient {
    private static final String REPLIES = "application/vnd.athanor.replies";
    private static final int PAGE = 500;
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** How often a page is asked for while the dispatcher is away, or starts anew. */
    private static final int MOST_TRIES = 30;

    private final DispatcherClient dispatcher;
    private final String path;

    /** Which results are asked for, as the dispatcher has it in addresses. */
    public enum Selection {
        IN_ORDER("order=index"),
        AS_COMPLETED("order=completion"),
        FAILED("order=index&failed=true");

        private final String query;

        Selection(String query) {
            this.query = query;
        }
    }

    /** Replies, and where they go on. */
    public static final class Page {
        private final List<Reply> replies;
        private final Optional<String> next;

        private Page(List<Reply> replies, Optional<String> next) {
            this.replies = List.copyOf(replies);
            this.next = next;
        }

        /** Each names its member by its correlation id. */
        public List<Reply> replies() {
            return replies;
        }

        /** The cursor of the next page; empty: there is none. */
        public Optional<String> next() {
            return next;
        }
    }

    /**
     * The batch of that id.
     *
     * @param id a UUID
     */
    public BatchClient(DispatcherClient dispatcher, String id) {
        this.dispatcher = dispatcher;
        this.path = "/v1/batches/" + id;
    }

    /** How its members fare. */
    public BatchProgress progress() {
        return dispatcher.answers.progress(
                DispatcherClient.await(
                                dispatcher.send(
                                        dispatcher.request(path, DispatcherClient.PATIENCE),
                                        Long.MAX_VALUE))
                        .body);
    }

    /** Has the failed ones run again. */
    public BatchProgress rerun() {
        return dispatcher.answers.progress(
                DispatcherClient.await(
                                dispatcher.send(
                                        dispatcher
                                                .request(path + "/rerun", DispatcherClient.PATIENCE)
                                                .POST(BodyPublishers.noBody()),
                                        Long.MAX_VALUE))
                        .body);
    }

    /** Has it stopped. */
    public BatchProgress cancel() {
        return dispatcher.answers.progress(
                DispatcherClient.await(
                                dispatcher.send(
                                        dispatcher
                                                .request(path, DispatcherClient.PATIENCE)
                                                .DELETE(),
                                        Long.MAX_VALUE))
                        .body);
    }

    /**
     * Results after a cursor; waits for them, up to a minute.
     *
     * @param cursor of the page before; empty: from the beginning
     */
    public Page results(Selection selection, Optional<String> cursor) {
        String query =
                "%s/results?%s&limit=%d&wait=%d%s"
                        .formatted(
                                path,
                                selection.query,
                                PAGE,
                                WAIT.toSeconds(),
                                cursor.map(text -> "&cursor=" + text).orElse(""));
        for (int tries = 1; ; tries++) {
            try {
                return page(
                        DispatcherClient.await(
                                dispatcher.send(
                                        dispatcher
                                                .request(
                                                        query, WAIT.plus(DispatcherClient.PATIENCE))
                                                .header("Accept", REPLIES),
                                        Long.MAX_VALUE)));
            } catch (UnavailableException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
                DispatcherClient.pause(PAUSE);
            }
        }
    }

    private static Page page(DispatcherClient.Answer answer) {
        List<Reply> replies = new ArrayList<>();
        ByteBuffer left = ByteBuffer.wrap(answer.body);
        try {
            while (left.hasRemaining()) {
                byte[] reply = new byte[Math.min(Math.max(0, left.getInt()), left.remaining())];
                left.get(reply);
                replies.add(Codec.current().decode(reply, Reply.class));
            }
        } catch (UndecodableException | BufferUnderflowException e) {
            throw Answers.unreadable(e);
        }
        return new Page(replies, answer.next);
    }
}
