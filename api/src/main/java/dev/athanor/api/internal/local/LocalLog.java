package dev.athanor.api.internal.local;

import dev.athanor.environment.sandbox.LogSink;
import dev.athanor.runtime.protocol.LogSource;
import dev.athanor.runtime.protocol.LogStream;

/** Takes the lines of one call, whoever writes them. */
@FunctionalInterface
interface LocalLog extends LogSink {
    void line(LogSource source, LogStream stream, String text);

    @Override
    default void line(LogStream stream, String text) {
        line(LogSource.FUNCTION, stream, text);
    }

    default void buildLine(String text) {
        line(LogSource.BUILD, LogStream.STDOUT, text);
    }
}
