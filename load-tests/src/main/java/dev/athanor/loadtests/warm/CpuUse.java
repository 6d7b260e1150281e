package dev.athanor.loadtests.warm;

import dev.athanor.loadtests.Measurement;
import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Measures with many in flight, and how much CPU that takes meanwhile. For one thread. */
final class CpuUse {
    private final Measurement measurement;
    private @Nullable CpuTimes taken;

    CpuUse(Measurement measurement) {
        this.measurement = measurement;
    }

    void manyInFlight(int inFlight, Duration duration) throws InterruptedException {
        CpuTimes begin = CpuTimes.now();
        measurement.manyInFlight(inFlight, duration);
        CpuTimes round = CpuTimes.now().since(begin);
        taken = taken == null ? round : taken.plus(round);
    }

    void print(PrintStream out, String title) {
        if (taken != null) {
            taken.print(out, title, measurement.counted());
        }
    }
}
