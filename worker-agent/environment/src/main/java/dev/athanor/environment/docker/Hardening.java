package dev.athanor.environment.docker;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.Ulimit;
import dev.athanor.environment.isolation.SeccompProfile;
import dev.athanor.environment.limits.Allowance;
import dev.athanor.environment.machine.MachineType;
import java.util.List;
import java.util.Map;

/** What a container may not do, and how much it may have. */
final class Hardening {
    /** Leaves a function that opens files without end a failure of its own. */
    private static final long OPEN_FILES = 16_384;

    /** Of the machine type's memory, to which they count. */
    private static final long WORK_SHARE = 2;

    private static final long SHARED_MEMORY_SHARE = 4;

    private Hardening() {}

    /**
     * The configuration of a container, whose CPU is limited once it has started.
     *
     * @param type its size
     * @param mounts what it sees of this machine
     */
    static HostConfig of(MachineType type, List<Mount> mounts) {
        return HostConfig.newHostConfig()
                .withReadonlyRootfs(true)
                .withMounts(mounts)
                .withTmpFs(
                        Map.of(
                                DockerStarter.WORK,
                                "rw,exec,nosuid,nodev,mode=1777,size="
                                        + type.memoryBytes() / WORK_SHARE,
                                // What the kernel says of this machine is nobody's business.
                                "/sys",
                                "ro,noexec,nosuid,nodev,mode=0555,size=4096"))
                .withShmSize(type.memoryBytes() / SHARED_MEMORY_SHARE)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(
                        List.of("no-new-privileges:true", "seccomp=" + SeccompProfile.json()))
                .withMemory(type.memoryBytes())
                .withMemorySwap(type.memoryBytes())
                .withPidsLimit(Allowance.of(type).processes())
                .withUlimits(
                        List.of(
                                new Ulimit("nofile", OPEN_FILES, OPEN_FILES),
                                new Ulimit("core", 0L, 0L)))
                .withIpcMode("private")
                .withNetworkMode("none")
                .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
                // Reaps what functions leave behind, and lets signals end their process as usual.
                .withInit(true);
    }
}
