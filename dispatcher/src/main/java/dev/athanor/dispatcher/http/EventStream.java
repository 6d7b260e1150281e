package dev.athanor.dispatcher.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An answer that consists of server-sent events. Nothing of it is under way before it is flushed or
 * the request has been answered. For one thread.
 */
final class EventStream {
    private final OutputStream out;
    private boolean hasWritten;

    EventStream(Context context) throws IOException {
        context.contentType("text/event-stream").header("Cache-Control", "no-store");
        // Javalin's own keeps what it is to flush.
        this.out = context.res().getOutputStream();
    }

    /**
     * Writes an event.
     *
     * @param data what is written in JSON, which has no line breaks
     */
    void event(String name, Object data) throws IOException {
        write("event: " + name + "\ndata: ");
        out.write(Answers.json(data));
        write("\n\n");
    }

    /**
     * Writes an event that readers can go on after.
     *
     * @param id where it is
     */
    void event(long id, String name, Object data) throws IOException {
        write("id: " + id + "\n");
        event(name, data);
    }

    /** Tells the reader, and who is on the way to him, that this is alive. */
    void heartbeat() throws IOException {
        write(": still here\n\n");
        flush();
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Flushes if there is something to be. */
    void flushWritten() throws IOException {
        if (hasWritten) {
            hasWritten = false;
            flush();
        }
    }

    /** Ends the answer, all of which is under way then. */
    void end() throws IOException {
        out.close();
    }

    private void write(String text) throws IOException {
        hasWritten = true;
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
