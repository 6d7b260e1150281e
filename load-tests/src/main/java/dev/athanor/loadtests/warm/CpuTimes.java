package dev.athanor.loadtests.warm;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How much CPU each kind of thread of this process has taken, and its sandboxes. Threads whose
 * names differ in digits only are of one kind. Immutable.
 */
final class CpuTimes {
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final String SANDBOXES = "(sandboxes)";
    private static final String RUNTIME = "(compiler and garbage collector)";

    private final Map<String, Long> nanos;

    private CpuTimes(Map<String, Long> nanos) {
        this.nanos = nanos;
    }

    static CpuTimes now() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, Long> nanos = new TreeMap<>();
        long known = 0;
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo info = threads.getThreadInfo(id);
            long time = threads.getThreadCpuTime(id);
            if (info != null && time > 0) {
                nanos.merge(DIGITS.matcher(info.getThreadName()).replaceAll("#"), time, Long::sum);
                known += time;
            }
        }
        nanos.put(RUNTIME, cpu(ProcessHandle.current()) - known);
        nanos.put(SANDBOXES, ProcessHandle.current().descendants().mapToLong(CpuTimes::cpu).sum());
        return new CpuTimes(nanos);
    }

    private static long cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    /** What was taken since an earlier moment. */
    CpuTimes since(CpuTimes earlier) {
        Map<String, Long> taken = new HashMap<>(nanos);
        earlier.nanos.forEach((kind, time) -> taken.merge(kind, -time, Long::sum));
        return new CpuTimes(taken);
    }

    CpuTimes plus(CpuTimes other) {
        Map<String, Long> sum = new HashMap<>(nanos);
        other.nanos.forEach((kind, time) -> sum.merge(kind, time, Long::sum));
        return new CpuTimes(sum);
    }

    /** Prints microseconds for each of a number of round trips, the largest first. */
    void print(PrintStream out, String title, long roundTrips) {
        double total = nanos.values().stream().mapToLong(Long::longValue).sum() / 1e3 / roundTrips;
        out.printf(Locale.ROOT, "%s: %.1f us of CPU each%n", title, total);
        nanos.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(entry -> Map.entry(entry.getKey(), entry.getValue() / 1e3 / roundTrips))
                .filter(entry -> entry.getValue() >= 0.1)
                .forEach(entry ->
                        out.printf(Locale.ROOT, "  %7.1f  %s%n", entry.getValue(), entry.getKey()));
    }
}
