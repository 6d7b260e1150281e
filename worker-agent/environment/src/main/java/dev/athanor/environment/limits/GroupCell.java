package dev.athanor.environment.limits;

import dev.athanor.environment.machine.MachineType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Control groups of one sandbox: a single one in version 2, one per controller in version 1. */
final class GroupCell implements Cell {
    private static final String PROCESSES = "cgroup.procs";

    /** Joins the groups, then becomes the command: nothing of it ever runs outside. */
    private static final String JOIN =
            "while [ \"$1\" != -- ]; do echo $$ > \"$1\" || exit 126; shift; done; shift; exec \"$@\"";

    /** A process that is forked while its parent is killed is found by the next look. */
    private static final int KILLING_LOOKS = 10;

    /** What was killed is gone within milliseconds, unless the machine is busy. */
    private static final int REMOVING_ATTEMPTS = 50;

    private static final long REMOVING_PAUSE_NANOS = 10_000_000;

    private final Map<Controller, Path> groups;
    private final boolean unified;
    private final MachineType machineType;
    private final Consumer<Path> leftovers;

    private GroupCell(
            Map<Controller, Path> groups,
            boolean unified,
            MachineType machineType,
            Consumer<Path> leftovers) {
        this.leftovers = leftovers;
        this.groups = groups;
        this.unified = unified;
        this.machineType = machineType;
    }

    /**
     * Makes the groups, with all limits but the CPU's.
     *
     * @param groups folders to be made; the same for all controllers in version 2
     * @param leftovers takes those that cannot be removed yet
     */
    static GroupCell create(
            Map<Controller, Path> groups,
            boolean unified,
            MachineType machineType,
            Consumer<Path> leftovers)
            throws IOException {
        GroupCell cell = new GroupCell(groups, unified, machineType, leftovers);
        try {
            for (Path folder : cell.folders()) {
                Files.createDirectory(folder);
            }
            for (Controller controller : groups.keySet()) {
                if (controller != Controller.CPU) {
                    cell.limit(controller);
                }
            }
            return cell;
        } catch (IOException e) {
            cell.remove();
            throw e;
        }
    }

    private Set<Path> folders() {
        return new LinkedHashSet<>(groups.values());
    }

    private void limit(Controller controller) throws IOException {
        Path folder = groups.get(controller);
        if (folder == null) {
            return;
        }
        for (Controller.Setting setting :
                unified ? controller.unified(machineType) : controller.legacy(machineType)) {
            apply(setting, folder);
        }
    }

    private static void apply(Controller.Setting setting, Path folder) throws IOException {
        Path file = folder.resolve(setting.file());
        if (!setting.isOptional() || Files.exists(file)) {
            Files.writeString(file, setting.value());
        }
    }

    @Override
    public List<String> command(List<String> command) {
        List<String> joined = new ArrayList<>(List.of("/bin/sh", "-c", JOIN, "athanor"));
        folders().forEach(folder -> joined.add(folder.resolve(PROCESSES).toString()));
        joined.add("--");
        joined.addAll(command);
        return joined;
    }

    @Override
    public void limitCpu() throws IOException {
        limit(Controller.CPU);
    }

    @Override
    public boolean ranOutOfMemory() {
        Path group = groups.get(Controller.MEMORY);
        if (group == null) {
            return false;
        }
        try {
            return Files.readAllLines(Controller.killCounter(group, unified)).stream()
                    .filter(line -> line.startsWith("oom_kill "))
                    .anyMatch(line -> !line.equals("oom_kill 0"));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void kill() {
        unlimitCpu();
        for (Path folder : folders()) {
            Set<Long> killed = new LinkedHashSet<>();
            for (int look = 0; look < KILLING_LOOKS && killed.addAll(processes(folder)); look++) {
                killed.stream()
                        .flatMap(pid -> ProcessHandle.of(pid).stream())
                        .forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    /** To give a process's memory back is its own work: at a small share it takes seconds. */
    private void unlimitCpu() {
        Path folder = groups.get(Controller.CPU);
        if (folder == null) {
            return;
        }
        try {
            apply(Controller.unlimitedCpu(unified), folder);
        } catch (IOException e) {
            // It ends all the same, later.
        }
    }

    private static List<Long> processes(Path folder) {
        try {
            return Files.readAllLines(folder.resolve(PROCESSES), StandardCharsets.US_ASCII).stream()
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException | NumberFormatException e) {
            return List.of();
        }
    }

    @Override
    public void remove() {
        for (Path folder : folders()) {
            if (!isRemovedInTime(folder)) {
                leftovers.accept(folder);
            }
        }
    }

    private static boolean isRemovedInTime(Path folder) {
        for (int attempt = 0; attempt < REMOVING_ATTEMPTS; attempt++) {
            try {
                Files.deleteIfExists(folder);
                return true;
            } catch (IOException e) {
                // Something is still ending in it.
                LockSupport.parkNanos(REMOVING_PAUSE_NANOS);
            }
        }
        return false;
    }
}
