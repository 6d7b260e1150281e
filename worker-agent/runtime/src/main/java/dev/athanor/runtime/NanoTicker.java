package dev.athanor.runtime;

import java.util.function.LongSupplier;

/** The JVM's monotonic clock. A class and not a method reference, which would slow the start. */
final class NanoTicker implements LongSupplier {

    @Override
    public long getAsLong() {
        return System.nanoTime();
    }
}
