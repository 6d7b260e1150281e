package dev.athanor.environment.limits;

import dev.athanor.environment.machine.MachineType;

/**
 * What a machine type may have, as the kernel counts it.
 *
 * @param periodMicros over which its CPU time is counted
 * @param quotaMicros of CPU time that it may have in a period
 * @param processes that it may have at once; threads count
 */
public record Allowance(long periodMicros, long quotaMicros, long processes) {
    /** The kernel's own default; shorter periods make short calls less uneven, and cost more. */
    static final long PERIOD_MICROS = 100_000;

    private static final long LEAST_QUOTA_MICROS = 1_000;

    /** A JVM has some 20 threads of its own. */
    private static final long PROCESSES_PER_CPU = 1_024;

    /** The one of a machine type. */
    public static Allowance of(MachineType type) {
        return new Allowance(
                PERIOD_MICROS,
                Math.max(LEAST_QUOTA_MICROS, Math.round(type.cpus() * PERIOD_MICROS)),
                PROCESSES_PER_CPU * (long) Math.max(1, Math.ceil(type.cpus())));
    }
}
