package dev.athanor.environment.limits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out which limits this process may set. */
public final class ControlGroups {
    private static final String OWN_LEAF = "athanor-self";

    private final Path mounts;
    private final Path membership;
    private final long pid;

    /**
     * @param mounts as {@code /proc/self/mounts}
     * @param membership as {@code /proc/self/cgroup}
     * @param pid this process's id
     */
    ControlGroups(Path mounts, Path membership, long pid) {
        this.mounts = mounts;
        this.membership = membership;
        this.pid = pid;
    }

    /**
     * Looks at the control groups of this machine.
     *
     * @param mayMove whether this process may be moved into a group of its own, next to those of
     *     its sandboxes: version 2 has no processes in a group that has further groups. What other
     *     processes the group holds is never touched
     * @return limits by control groups as far as these are permitted
     */
    public static Limits find(boolean mayMove) {
        return new ControlGroups(
                        Path.of("/proc/self/mounts"),
                        Path.of("/proc/self/cgroup"),
                        ProcessHandle.current().pid())
                .limits(mayMove);
    }

    Limits limits(boolean mayMove) {
        try {
            Map<Controller, Path> legacy = legacy();
            if (!legacy.isEmpty()) {
                return swept(new GroupLimits(legacy, false, pid));
            }
            Path unified = group("cgroup2", "", "");
            return unified == null
                    ? new NoLimits("this machine has no control groups")
                    : unified(unified, mayMove);
        } catch (IOException e) {
            return new NoLimits("control groups cannot be used: " + e.getMessage());
        }
    }

    private static Limits swept(GroupLimits limits) {
        limits.sweep();
        return limits;
    }

    private Map<Controller, Path> legacy() throws IOException {
        Map<Controller, Path> parents = new EnumMap<>(Controller.class);
        for (Controller controller : Controller.values()) {
            String name = controller.kernelName();
            Path group = group("cgroup", name, name);
            if (group != null && isPermitted(group)) {
                parents.put(controller, group);
            }
        }
        return parents;
    }

    private Limits unified(Path group, boolean mayMove) throws IOException {
        if (!isPermitted(group)) {
            return new NoLimits("no group can be made in " + group);
        }
        if (!enabled(group).containsAll(wanted())) {
            if (!mayMove) {
                return new NoLimits("no controllers are enabled below " + group);
            }
            enable(group);
        }
        Map<Controller, Path> parents = new EnumMap<>(Controller.class);
        Set<String> enabled = enabled(group);
        for (Controller controller : Controller.values()) {
            if (enabled.contains(controller.kernelName())) {
                parents.put(controller, group);
            }
        }
        return parents.isEmpty()
                ? new NoLimits("no controllers can be enabled below " + group)
                : swept(new GroupLimits(parents, true, pid));
    }

    private void enable(Path group) throws IOException {
        Path own = group.resolve(OWN_LEAF);
        if (!Files.isDirectory(own)) {
            Files.createDirectory(own);
        }
        Files.writeString(own.resolve("cgroup.procs"), Long.toString(pid));
        Set<String> available = words(group.resolve("cgroup.controllers"));
        String wanted =
                wanted().stream()
                        .filter(available::contains)
                        .map(name -> "+" + name)
                        .collect(Collectors.joining(" "));
        Files.writeString(group.resolve("cgroup.subtree_control"), wanted);
    }

    private static Set<String> wanted() {
        return Arrays.stream(Controller.values())
                .map(Controller::kernelName)
                .collect(Collectors.toSet());
    }

    private static Set<String> enabled(Path group) throws IOException {
        return words(group.resolve("cgroup.subtree_control"));
    }

    private static Set<String> words(Path file) throws IOException {
        return Set.of(Files.readString(file).strip().split("\\s+", -1));
    }

    /** Being able to make a group is what permits the rest. */
    private boolean isPermitted(Path group) {
        Path probe = group.resolve("athanor-" + pid + "-probe-" + UUID.randomUUID());
        try {
            Files.createDirectory(probe);
            Files.delete(probe);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The group that this process is in; null: there is none.
     *
     * @param type of the file system
     * @param mountOption that the mount has; empty: any
     * @param controller in the process's memberships; empty: that of version 2
     */
    private @Nullable Path group(String type, String mountOption, String controller)
            throws IOException {
        for (String mount : Files.readAllLines(mounts)) {
            String[] fields = mount.split(" ", -1);
            if (fields.length >= 4
                    && fields[2].equals(type)
                    && (mountOption.isEmpty()
                            || List.of(fields[3].split(",", -1)).contains(mountOption))) {
                Path root = Path.of(fields[1]);
                Path own = root.resolve(membership(controller)).normalize();
                // A container sees paths that do not exist in it, or lie above its own root.
                return own.startsWith(root) && Files.isDirectory(own) ? own : root;
            }
        }
        return null;
    }

    /** Relative to the mount. */
    private String membership(String controller) throws IOException {
        for (String line : Files.readAllLines(membership)) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && List.of(fields[1].split(",", -1)).contains(controller)) {
                return fields[2].substring(1);
            }
        }
        return "";
    }
}
