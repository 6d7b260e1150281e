package dev.athanor.environment.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.machine.MachineTypes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Control groups as folders and files: what is written where. */
class ControlGroupsTest {
    private static final long PID = ProcessHandle.current().pid();
    private static final MachineType XS = MachineTypes.find("XS").orElseThrow();

    @TempDir private Path root;

    @Test
    void version1HasAGroupForEachController() throws IOException {
        Limits limits = version1("cpu", "memory", "pids").limits(false);

        Cell cell = limits.cell(XS);

        Path memory = cell(own("memory"));
        Path cpu = cell(own("cpu"));
        assertThat(memory.resolve("memory.limit_in_bytes")).hasContent("268435456");
        assertThat(cell(own("pids")).resolve("pids.max")).hasContent("1024");
        assertThat(cpu).isEmptyDirectory();
        cell.limitCpu();
        assertThat(cpu.resolve("cpu.cfs_period_us")).hasContent("100000");
        assertThat(cpu.resolve("cpu.cfs_quota_us")).hasContent("25000");
        cell.kill();
        assertThat(cpu.resolve("cpu.cfs_quota_us")).hasContent("-1");
        assertThat(limits.isComplete()).isTrue();
        assertThat(limits.description()).isEqualTo("cpu, memory, pids enforced by cgroup v1");
    }

    @Test
    void aCommandJoinsItsGroupsBeforeItRuns() throws Exception {
        Cell cell = version1("cpu", "memory", "pids").limits(false).cell(XS);
        Path out = root.resolve("out");

        Process process =
                new ProcessBuilder(cell.command(List.of("/bin/echo", "a b", "$HOME")))
                        .redirectOutput(out.toFile())
                        .start();

        assertThat(process.waitFor()).isZero();
        assertThat(out).hasContent("a b $HOME");
        for (String controller : List.of("cpu", "memory", "pids")) {
            assertThat(cell(own(controller)).resolve("cgroup.procs"))
                    .hasContent(Long.toString(process.pid()));
        }
    }

    @Test
    void whatHasNoGroupIsSaid() throws IOException {
        Limits limits = version1("memory").limits(false);

        assertThat(limits.isComplete()).isFalse();
        assertThat(limits.description())
                .startsWith("memory enforced by cgroup v1; cpu, pids not enforced");
    }

    @Test
    void version2HasOneGroup() throws IOException {
        ControlGroups groups = version2("cpu memory pids", "cpu memory pids");
        Limits limits = groups.limits(false);

        Cell cell = limits.cell(XS);

        Path group = cell(root.resolve("unified/own"));
        assertThat(group.resolve("memory.max")).hasContent("268435456");
        assertThat(group.resolve("pids.max")).hasContent("1024");
        assertThat(group.resolve("cpu.max")).doesNotExist();
        cell.limitCpu();
        assertThat(group.resolve("cpu.max")).hasContent("25000 100000");
        cell.kill();
        assertThat(group.resolve("cpu.max")).hasContent("max 100000");
        assertThat(cell.command(List.of("java")))
                .containsSequence(group.resolve("cgroup.procs").toString(), "--", "java");
        assertThat(limits.description()).isEqualTo("cpu, memory, pids enforced by cgroup v2");
    }

    @Test
    void version2EnablesControllersFromAGroupOfItsOwnWhereItMayMove() throws IOException {
        ControlGroups groups = version2("cpu memory pids", "");

        assertThat(groups.limits(false).description())
                .contains("not enforced")
                .contains("no controllers are enabled");
        assertThat(root.resolve("unified/own/athanor-self")).doesNotExist();
        groups.limits(true);

        assertThat(root.resolve("unified/own/athanor-self/cgroup.procs"))
                .hasContent(Long.toString(PID));
        assertThat(Files.readString(root.resolve("unified/own/cgroup.subtree_control")).split(" "))
                .containsExactlyInAnyOrder("+cpu", "+memory", "+pids");
    }

    @Test
    void withoutControlGroupsNothingIsEnforced() throws IOException {
        ControlGroups groups = groups("proc /proc proc rw 0 0\n", "0::/\n");

        Limits limits = groups.limits(true);

        assertThat(limits.isComplete()).isFalse();
        assertThat(limits.description())
                .contains("CPU, memory and processes are not enforced")
                .contains("no control groups");
        assertThat(limits.cell(XS).command(List.of("java"))).containsExactly("java");
    }

    @Test
    void whereNoGroupCanBeMadeNothingIsEnforced() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "");
        ControlGroups groups = groups("cgroup2 %s cgroup2 rw 0 0\n".formatted(file), "0::/\n");

        assertThat(groups.limits(true).description()).contains("no group can be made");
    }

    @Test
    void killsAreCountedByTheKernel() throws IOException {
        Cell cell = version1("memory").limits(false).cell(XS);
        Path counter = cell(own("memory")).resolve("memory.oom_control");

        assertThat(cell.ranOutOfMemory()).isFalse();
        Files.writeString(counter, "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
        assertThat(cell.ranOutOfMemory()).isFalse();
        Files.writeString(counter, "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
        assertThat(cell.ranOutOfMemory()).isTrue();
    }

    @Test
    void whatProcessesThatAreGoneLeftBehindIsRemoved() throws IOException {
        ControlGroups groups = version1("cpu", "memory", "pids");
        Path dead = Files.createDirectory(own("memory").resolve("athanor-999999999-0a1b2c3d-1"));
        Path alive = Files.createDirectory(own("memory").resolve("athanor-" + PID + "-0a1b2c3d-7"));
        Path other = Files.createDirectory(own("memory").resolve("athanor-app"));

        groups.limits(false);

        assertThat(dead).doesNotExist();
        assertThat(alive).exists();
        assertThat(other).exists();
    }

    @Test
    void aPathAboveTheMountIsNotFollowed() throws IOException {
        Path mount = Files.createDirectories(root.resolve("unified"));
        Files.createDirectories(root.resolve("outside"));
        Files.writeString(mount.resolve("cgroup.subtree_control"), "cpu memory pids");
        ControlGroups groups =
                groups("cgroup2 %s cgroup2 rw 0 0\n".formatted(mount), "0::/../outside\n");

        groups.limits(false).cell(XS);

        assertThat(root.resolve("outside")).isEmptyDirectory();
        assertThat(cell(mount)).isDirectory();
    }

    /** The one group that was made there. */
    private static Path cell(Path parent) throws IOException {
        try (DirectoryStream<Path> rooms =
                Files.newDirectoryStream(parent, "athanor-" + PID + "-*")) {
            return rooms.iterator().next();
        }
    }

    private Path own(String controller) {
        return root.resolve(controller).resolve("own");
    }

    private ControlGroups version1(String... controllers) throws IOException {
        StringBuilder mounts = new StringBuilder();
        StringBuilder memberships = new StringBuilder();
        for (String controller : controllers) {
            Files.createDirectories(own(controller));
            mounts.append(
                    "cgroup %s cgroup rw,relatime,%s 0 0\n"
                            .formatted(root.resolve(controller), controller));
            memberships.append("3:%s:/own\n".formatted(controller));
        }
        return groups(mounts.toString(), memberships.toString());
    }

    private ControlGroups version2(String available, String enabled) throws IOException {
        Path own = Files.createDirectories(root.resolve("unified/own"));
        Files.writeString(own.resolve("cgroup.controllers"), available);
        Files.writeString(own.resolve("cgroup.subtree_control"), enabled);
        return groups(
                "cgroup2 %s cgroup2 rw 0 0\n".formatted(root.resolve("unified")), "0::/own\n");
    }

    private ControlGroups groups(String mounts, String memberships) throws IOException {
        return new ControlGroups(
                Files.writeString(root.resolve("mounts"), mounts),
                Files.writeString(root.resolve("membership"), memberships),
                PID);
    }
}
