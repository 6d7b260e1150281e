package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.LogStream;
import dev.athanor.runtime.protocol.MalformedFrameException;
import dev.athanor.runtime.protocol.NestedCallFrame;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A call that a sandbox is running, and the way for its lines. */
final class RunningCall {

    private final long id;
    private final String correlationId;
    private final LogSink logs;
    private final NestedCalls nested;
    private final OpenNestedCalls openNested;
    private final CompletableFuture<CallResult> result = new CompletableFuture<>();
    private boolean ended;

    RunningCall(
            long id,
            String correlationId,
            LogSink logs,
            NestedCalls nested,
            OpenNestedCalls openNested) {
        this.id = id;
        this.correlationId = correlationId;
        this.logs = logs;
        this.nested = nested;
        this.openNested = openNested;
    }

    long id() {
        return id;
    }

    String correlationId() {
        return correlationId;
    }

    CompletableFuture<CallResult> result() {
        return result;
    }

    /** Passes on a line; one that comes after the end of the call is dropped. */
    synchronized void line(LogStream stream, String text) {
        if (!ended) {
            logs.line(stream, text);
        }
    }

    /** Passes on lines as they are in a LOG frame. */
    void lines(LogStream stream, byte[] bytes) {
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                line(stream, text(bytes, start, i));
                start = i + 1;
            }
        }
        if (start < bytes.length) {
            line(stream, text(bytes, start, bytes.length));
        }
    }

    /**
     * Has the function's own call made.
     *
     * @param replies writes to the sandbox
     * @throws MalformedFrameException if the sandbox has more of them than it may
     */
    void startNested(NestedCallFrame call, NestedReplies replies) throws MalformedFrameException {
        openNested.open(call);
        nested.start(
                call,
                reply -> {
                    if (openNested.admits(reply)) {
                        replies.send(reply);
                    }
                });
    }

    void cancelNested(long nestedId) {
        nested.cancel(nestedId);
    }

    void end(CallResult how) {
        synchronized (this) {
            ended = true;
        }
        nested.end();
        result.complete(how);
    }

    private static String text(byte[] bytes, int start, int end) {
        int length = end - start;
        if (length > 0 && bytes[end - 1] == '\r') {
            length--;
        }
        return new String(bytes, start, length, StandardCharsets.UTF_8);
    }
}
