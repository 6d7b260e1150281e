package dev.athanor.runtime;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A System.out or System.err that outlives the call: a function that closes it must not silence
 * those that come after it in the same sandbox.
 */
final class LastingPrintStream extends PrintStream {

    LastingPrintStream(CapturedStream stream) {
        super(stream, false, StandardCharsets.UTF_8);
    }

    /** Flushes only. */
    @Override
    public void close() {
        flush();
    }
}
