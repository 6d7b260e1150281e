package dev.athanor.environment.limits;

import dev.athanor.environment.machine.MachineType;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Limits by control groups below those that this process is in, or that it was given. */
final class GroupLimits implements Limits {
    private static final Pattern NAME = Pattern.compile("athanor-(\\d{1,18})-.+");

    private static final int INSTANCE_CHARS = 8;

    private final Map<Controller, Path> parents;
    private final boolean unified;
    private final long owner;

    /** Tells the groups of several limits in one process apart. */
    private final String instance = UUID.randomUUID().toString().substring(0, INSTANCE_CHARS);

    private final AtomicLong cells = new AtomicLong();
    private final Queue<Path> leftovers = new ConcurrentLinkedQueue<>();

    /**
     * @param parents where groups can be made, of those controllers that can be used
     * @param unified true: version 2
     * @param owner this process's id, part of the groups' names
     */
    GroupLimits(Map<Controller, Path> parents, boolean unified, long owner) {
        this.parents = new EnumMap<>(parents);
        this.unified = unified;
        this.owner = owner;
    }

    @Override
    public Cell cell(MachineType machineType) throws IOException {
        removeLeftovers();
        String name = "athanor-" + owner + "-" + instance + "-" + cells.incrementAndGet();
        Map<Controller, Path> groups = new EnumMap<>(Controller.class);
        parents.forEach((controller, parent) -> groups.put(controller, parent.resolve(name)));
        return GroupCell.create(groups, unified, machineType, leftovers::add);
    }

    /** Looks at each of them once: what still ends is put back. */
    private void removeLeftovers() {
        for (int left = leftovers.size(); left > 0; left--) {
            Path group = leftovers.poll();
            if (group == null) {
                return;
            }
            removeNowOrLater(group);
        }
    }

    /** Removes what processes that are gone left behind, as far as nothing runs in it. */
    void sweep() {
        for (Path parent : new LinkedHashSet<>(parents.values())) {
            try (DirectoryStream<Path> groups = Files.newDirectoryStream(parent, "athanor-*")) {
                for (Path group : groups) {
                    removeIfOrphaned(group);
                }
            } catch (IOException e) {
                // Groups are few and small: one that stays does no harm.
            }
        }
    }

    private void removeIfOrphaned(Path group) {
        Matcher name = NAME.matcher(String.valueOf(group.getFileName()));
        if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
            removeNowOrLater(group);
        }
    }

    private void removeNowOrLater(Path group) {
        try {
            Files.deleteIfExists(group);
        } catch (IOException e) {
            leftovers.add(group);
        }
    }

    @Override
    public boolean isComplete() {
        return missing().isEmpty();
    }

    private Set<Controller> missing() {
        Set<Controller> missing = EnumSet.allOf(Controller.class);
        missing.removeAll(parents.keySet());
        return missing;
    }

    @Override
    public String description() {
        String version = unified ? "cgroup v2" : "cgroup v1";
        String enforced = names(parents.keySet()) + " enforced by " + version;
        return isComplete()
                ? enforced
                : enforced
                        + "; "
                        + names(missing())
                        + " not enforced (no group of that controller can be made here)";
    }

    private static String names(Set<Controller> controllers) {
        return controllers.stream().map(Controller::kernelName).collect(Collectors.joining(", "));
    }
}
