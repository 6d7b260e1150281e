package dev.athanor.environment.sandbox;

import dev.athanor.environment.machine.MachineType;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line and environment of a JVM sandbox.
 *
 * <p>The heap gets the machine type's memory less a quarter of it, of which at least 96 MiB and at
 * most 1 GiB are left for classes, compiled code, stacks and buffers: 160 MiB for XS, 768 MiB for
 * S, 7 GiB for M. Two thirds of what is left may hold classes.
 *
 * @param javaExecutable the {@code java} to start
 * @param runtime jar or classes folder of the sandbox's runtime
 */
record JvmCommand(Path javaExecutable, Path runtime) implements SandboxCommand {

    private static final long MIB = 1L << 20;
    private static final long LEAST_RESERVE = 96 * MIB;
    private static final long MOST_RESERVE = 1024 * MIB;
    private static final long LEAST_HEAP = 16 * MIB;

    @Override
    public List<String> arguments(MachineType machineType, Path workFolder, Path socket) {
        return List.of(
                javaExecutable.toString(),
                "-Xmx" + heapBytes(machineType.memoryBytes()) / MIB + "m",
                "-XX:MaxMetaspaceSize=" + metaspaceBytes(machineType.memoryBytes()) / MIB + "m",
                "-XX:ActiveProcessorCount=" + (int) Math.max(1, Math.ceil(machineType.cpus())),
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                // Verifying a class loads others that it mentions anywhere. A function's class may
                // mention
                // libraries that its function never touches; what is not there must not be missed.
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote",
                "-Djava.io.tmpdir=" + workFolder,
                "-Duser.home=" + workFolder,
                "-cp",
                runtime.toString(),
                "dev.athanor.runtime.SandboxMain",
                socket.toString());
    }

    @Override
    public String leaving() {
        return "System.exit";
    }

    @Override
    public int processesAbove() {
        return 0;
    }

    @Override
    public @Nullable Path programs() {
        return null;
    }

    static long heapBytes(long memoryBytes) {
        return Math.max(LEAST_HEAP, memoryBytes - reserve(memoryBytes));
    }

    static long metaspaceBytes(long memoryBytes) {
        return reserve(memoryBytes) * 2 / 3;
    }

    private static long reserve(long memoryBytes) {
        return Math.max(LEAST_RESERVE, Math.min(memoryBytes / 4, MOST_RESERVE));
    }
}
