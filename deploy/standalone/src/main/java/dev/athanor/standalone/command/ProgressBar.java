package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Console;
import java.io.PrintWriter;

/** How a batch fares: one line that is written over on a terminal, and a line each elsewhere. */
final class ProgressBar {
    private static final int WIDTH = 30;

    private final PrintWriter out;
    private final boolean isShown;
    private final boolean isTerminal;
    private String last = "";

    @SuppressWarnings("SystemConsoleNull") // It is in JDK 25 again, without a terminal.
    ProgressBar(PrintWriter out, boolean isShown) {
        this.out = out;
        this.isShown = isShown;
        Console console = System.console();
        this.isTerminal = console != null && console.isTerminal();
    }

    void show(JsonNode batch) {
        String line = line(batch);
        if (!isShown || line.equals(last)) {
            return;
        }
        if (isTerminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, last.length() - line.length())));
        } else {
            out.println(line);
        }
        out.flush();
        last = line;
    }

    static String line(JsonNode batch) {
        long total = batch.path("total").asLong();
        JsonNode counts = batch.path("counts");
        long open = counts.path("queued").asLong() + counts.path("running").asLong();
        long ended = total - open;
        int filled = total == 0 ? WIDTH : Math.toIntExact(WIDTH * ended / total);
        return "[%s%s] %,d of %,d: %,d running, %,d failed, %,d cancelled"
                .formatted(
                        "#".repeat(filled),
                        ".".repeat(WIDTH - filled),
                        ended,
                        total,
                        counts.path("running").asLong(),
                        counts.path("failed").asLong(),
                        counts.path("cancelled").asLong());
    }

    void end() {
        if (isShown && isTerminal) {
            out.println();
        }
    }
}
