package dev.athanor.environment.sandbox;

import dev.athanor.environment.machine.MachineType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Ends a process that has started too many threads, before the machine has none left for others.
 * Looks ten times a second, where the operating system tells (Linux), and counts those of the
 * process itself, not of processes that it has started. For one thread.
 */
final class ThreadLimit {

    /** As many per processor of the machine type. */
    static final int THREADS_PER_CPU = 2_048;

    private static final long LOOK_EVERY_NANOS = 100_000_000;
    private static final String FIELD = "Threads:";

    private final OptionalLong pid;
    private final int processesAbove;
    private final MachineType machineType;
    private final Consumer<String> onExcess;
    private long lookedAt = System.nanoTime();

    /**
     * @param pid of the process that was started; empty: it cannot be looked at
     * @param processesAbove how many processes that one starts, each by the one before, up to the
     *     one that is looked at
     * @param onExcess ends the process; takes the reason, to complete "the sandbox …"
     */
    ThreadLimit(
            OptionalLong pid,
            int processesAbove,
            MachineType machineType,
            Consumer<String> onExcess) {
        this.pid = pid;
        this.processesAbove = processesAbove;
        this.machineType = machineType;
        this.onExcess = onExcess;
    }

    void check() {
        long now = System.nanoTime();
        if (now - lookedAt < LOOK_EVERY_NANOS) {
            return;
        }
        lookedAt = now;
        int threads = count();
        int most = THREADS_PER_CPU * (int) Math.max(1, Math.ceil(machineType.cpus()));
        if (threads > most) {
            onExcess.accept(
                    "started "
                            + threads
                            + " threads, more than the "
                            + most
                            + " of machine type "
                            + machineType.name());
        }
    }

    private int count() {
        if (pid.isEmpty()) {
            return 0;
        }
        try {
            String looked = Long.toString(pid.getAsLong());
            for (int i = 0; i < processesAbove; i++) {
                looked = firstChild(looked);
            }
            for (String line : Files.readAllLines(Path.of("/proc", looked, "status"))) {
                if (line.startsWith(FIELD)) {
                    return Integer.parseInt(line.substring(FIELD.length()).trim());
                }
            }
        } catch (IOException | NumberFormatException e) {
            // It has just begun or ended, or this is another operating system.
            return 0;
        }
        return 0;
    }

    private static String firstChild(String parent) throws IOException {
        Path children = Path.of("/proc", parent, "task", parent, "children");
        String first = Files.readString(children).split(" ", 2)[0].strip();
        if (first.isEmpty()) {
            throw new NoSuchFileException(children.toString(), null, "it has no child");
        }
        return first;
    }
}
