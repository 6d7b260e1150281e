package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.LogStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Gives lines that arrive through a process's pipes to the running call; the last few that come
 * while none runs are kept, for they say why a start failed.
 */
final class NativeLines implements LogSink {

    private static final int KEPT_LINES = 10;

    private final RunningCalls calls;
    private final Deque<String> kept = new ArrayDeque<>();

    NativeLines(RunningCalls calls) {
        this.calls = calls;
    }

    @Override
    public void line(LogStream stream, String text) {
        RunningCall call = calls.running();
        if (call == null) {
            keep(text);
        } else {
            call.line(stream, text);
        }
    }

    boolean isInCall() {
        return calls.running() != null;
    }

    /** Returns what was kept in one line, empty if nothing. */
    synchronized String kept() {
        return String.join("; ", kept);
    }

    private synchronized void keep(String text) {
        if (kept.size() == KEPT_LINES) {
            kept.removeFirst();
        }
        kept.addLast(text);
    }
}
