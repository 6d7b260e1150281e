package dev.athanor.environment.testing;

import dev.athanor.environment.sandbox.LogSink;
import dev.athanor.runtime.protocol.LogStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers lines as "STDOUT text". */
public final class RecordedLines implements LogSink {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void line(LogStream stream, String text) {
        lines.add(stream + " " + text);
    }

    /** Returns the lines so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }
}
