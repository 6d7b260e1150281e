package dev.athanor.environment.limits;

import dev.athanor.environment.machine.MachineType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What control groups limit, and by which files. */
enum Controller {
    CPU,
    MEMORY,
    PIDS;

    /**
     * A file and what is written to it.
     *
     * @param file in the group's folder
     * @param value to be written
     * @param isOptional true: kernels that do not have it can do without
     */
    record Setting(String file, String value, boolean isOptional) {}

    String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What limits it, in version 2 of control groups. */
    List<Setting> unified(MachineType type) {
        return switch (this) {
            case CPU ->
                    List.of(
                            new Setting(
                                    "cpu.max", quota(type) + " " + Allowance.PERIOD_MICROS, false),
                            new Setting("cpu.max.burst", burst(type), true));
            case MEMORY ->
                    List.of(
                            new Setting("memory.max", Long.toString(type.memoryBytes()), false),
                            new Setting("memory.swap.max", "0", true));
            case PIDS -> List.of(new Setting("pids.max", Long.toString(pids(type)), false));
        };
    }

    /** What limits it, in version 1. */
    List<Setting> legacy(MachineType type) {
        String memory = Long.toString(type.memoryBytes());
        return switch (this) {
            case CPU ->
                    List.of(
                            new Setting(
                                    "cpu.cfs_period_us",
                                    Long.toString(Allowance.PERIOD_MICROS),
                                    false),
                            new Setting("cpu.cfs_quota_us", Long.toString(quota(type)), false),
                            new Setting("cpu.cfs_burst_us", burst(type), true));
            case MEMORY ->
                    List.of(
                            new Setting("memory.limit_in_bytes", memory, false),
                            new Setting("memory.memsw.limit_in_bytes", memory, true));
            case PIDS -> List.of(new Setting("pids.max", Long.toString(pids(type)), false));
        };
    }

    /** What takes the CPU's limit away again. */
    static Setting unlimitedCpu(boolean unified) {
        return unified
                ? new Setting("cpu.max", "max " + Allowance.PERIOD_MICROS, false)
                : new Setting("cpu.cfs_quota_us", "-1", false);
    }

    /** Where the kernel counts what it killed for lack of memory. */
    static Path killCounter(Path group, boolean unified) {
        return group.resolve(unified ? "memory.events" : "memory.oom_control");
    }

    private static long quota(MachineType type) {
        return Allowance.of(type).quotaMicros();
    }

    /** What a call of some milliseconds after a pause may take at once; no more on the whole. */
    private static String burst(MachineType type) {
        return Long.toString(quota(type));
    }

    private static long pids(MachineType type) {
        return Allowance.of(type).processes();
    }
}
