package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.LogStream;
import dev.athanor.runtime.protocol.MalformedFrameException;
import dev.athanor.runtime.protocol.NestedCallFrame;
import dev.athanor.runtime.protocol.ValueFrame;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A call that a sandbox is running, and the way for its lines. */
final class RunningCall {

    private final long id;
    private final String correlationId;
    private final LogSink logs;
    private final NestedCalls nested;
    private final OpenNestedCalls openNested;
    private final ValueSink values;
    private final CompletableFuture<CallResult> result = new CompletableFuture<>();

    /** Confined to the reading thread. */
    private long nextValue;

    // Guarded by this, as is what follows.
    private long granted;
    private boolean ended;

    RunningCall(
            long id,
            String correlationId,
            LogSink logs,
            NestedCalls nested,
            OpenNestedCalls openNested,
            ValueSink values) {
        this.id = id;
        this.correlationId = correlationId;
        this.logs = logs;
        this.nested = nested;
        this.openNested = openNested;
        this.values = values;
        this.granted = values.window();
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

    /** Lets the function yield more; less than was granted before changes nothing. */
    synchronized void grant(long upTo) {
        granted = Math.max(granted, upTo);
    }

    private synchronized long granted() {
        return granted;
    }

    /**
     * Passes on what the function yielded.
     *
     * @throws MalformedFrameException if it goes further than it may
     */
    void value(ValueFrame frame) throws MalformedFrameException {
        if (frame.index() != nextValue || nextValue >= granted()) {
            throw new MalformedFrameException(
                    "value "
                            + frame.index()
                            + " where "
                            + nextValue
                            + " of "
                            + granted()
                            + " may come");
        }
        nextValue++;
        values.value(frame.index(), frame.codec(), frame.value());
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
