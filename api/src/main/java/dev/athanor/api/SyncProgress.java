package dev.athanor.api;

import java.io.Console;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shows how far a sync is, by a line that is written over; on a terminal only. For one thread. */
final class SyncProgress implements AutoCloseable {
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int WIDTH = 30;
    private static final long MIB = 1 << 20;

    private final String title;
    private final long total;
    private final PrintStream out;
    private final boolean shown;
    private final LongSupplier ticker;
    private long done;
    private long drawnAt;
    private boolean drawn;

    /**
     * @param total bytes of all files
     * @param shown false: nothing is written
     * @param ticker a monotonic clock in nanoseconds
     */
    SyncProgress(String title, long total, PrintStream out, boolean shown, LongSupplier ticker) {
        this.title = title;
        this.total = total;
        this.out = out;
        this.shown = shown;
        this.ticker = ticker;
    }

    /** Where this process talks to a terminal, on its standard error. */
    static SyncProgress onTerminal(String title, long total) {
        return new SyncProgress(title, total, System.err, isTerminal(), System::nanoTime);
    }

    /** Later releases have a console without a terminal as well, and tell which it is. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            Method isTerminal = Console.class.getMethod("isTerminal");
            return (boolean) isTerminal.invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Begins anew. */
    void begin() {
        done = 0;
        drawn = false;
    }

    /** So many bytes more are there. */
    void add(long bytes) {
        done = Math.min(total, done + bytes);
        long now = ticker.getAsLong();
        if (!drawn || now - drawnAt >= REDRAW_NANOS) {
            draw(now);
        }
    }

    private void draw(long now) {
        drawn = true;
        drawnAt = now;
        if (shown) {
            int filled = total == 0 ? WIDTH : (int) (WIDTH * done / total);
            out.printf(
                    "\r%s [%s%s] %,d of %,d MiB ",
                    title,
                    "=".repeat(filled),
                    " ".repeat(WIDTH - filled),
                    done / MIB,
                    (total + MIB - 1) / MIB);
            out.flush();
        }
    }

    /** Shows the last state, and leaves the line. */
    @Override
    public void close() {
        draw(ticker.getAsLong());
        if (shown) {
            out.println();
        }
    }
}
