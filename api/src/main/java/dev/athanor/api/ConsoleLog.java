package dev.athanor.api;

import dev.athanor.api.LogLine.Source;
import dev.athanor.api.LogLine.Stream;
import java.util.Locale;

/** Prints lines where the caller's own output goes. */
enum ConsoleLog implements LogListener {
    INSTANCE;

    @Override
    public void line(LogLine line) {
        if (line.source() != Source.FUNCTION) {
            String source = line.source().name().toLowerCase(Locale.ROOT);
            System.err.println("[" + source + "] " + line.text());
        } else if (line.stream() == Stream.STDOUT) {
            System.out.println(line.text());
        } else {
            System.err.println(line.text());
        }
    }
}
