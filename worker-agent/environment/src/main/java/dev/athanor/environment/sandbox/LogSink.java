package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.LogStream;

/**
 * Takes the lines that a function prints, while it runs. Called from one thread at a time, in order
 * per stream, and never after the call has ended. While it blocks, the function is held up as soon
 * as it has printed a few hundred KiB more. It must not throw: that ends the sandbox.
 */
@FunctionalInterface
public interface LogSink {

    /**
     * Takes a line.
     *
     * @param stream where the function printed it
     * @param text the line without its line end
     */
    void line(LogStream stream, String text);
}
