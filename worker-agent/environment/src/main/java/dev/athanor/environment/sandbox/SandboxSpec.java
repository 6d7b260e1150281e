package dev.athanor.environment.sandbox;

import dev.athanor.environment.machine.MachineType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a sandbox is to be.
 *
 * @param key tells which functions it serves
 * @param machineType its size
 * @param program what runs its functions
 * @param classPath jars and folders: the environment's first, where it is a JVM's, then the bundles
 * @param dataFolder the persistent folder of its tenant, which is there
 * @param secrets environment variables of its process
 * @param network what it may reach
 * @param image what it runs in, where that is a container; empty: the launcher's own
 * @param owner whose it is, for operators
 * @param startTimeout how long its start may take, above 0
 */
public record SandboxSpec(
        SandboxKey key,
        MachineType machineType,
        Program program,
        List<Path> classPath,
        Path dataFolder,
        SecretValues secrets,
        Network network,
        String image,
        Owner owner,
        Duration startTimeout) {

    /**
     * Whose a sandbox is.
     *
     * @param tenant by name; empty: nobody's
     * @param environment its key; empty: none
     */
    public record Owner(String tenant, String environment) {
        /** Of what is nobody's. */
        public static final Owner NOBODY = new Owner("", "");
    }

    /** Of nobody, and of no image of its own. */
    public SandboxSpec(
            SandboxKey key,
            MachineType machineType,
            Program program,
            List<Path> classPath,
            Path dataFolder,
            SecretValues secrets,
            Network network,
            Duration startTimeout) {
        this(
                key,
                machineType,
                program,
                classPath,
                dataFolder,
                secrets,
                network,
                "",
                Owner.NOBODY,
                startTimeout);
    }

    /** Of JVM functions. */
    public SandboxSpec(
            SandboxKey key,
            MachineType machineType,
            List<Path> classPath,
            Path dataFolder,
            SecretValues secrets,
            Network network,
            Duration startTimeout) {
        this(
                key,
                machineType,
                new Program.Jvm(),
                classPath,
                dataFolder,
                secrets,
                network,
                startTimeout);
    }

    /** Of JVM functions, without secrets, and with the network. */
    public SandboxSpec(
            SandboxKey key,
            MachineType machineType,
            List<Path> classPath,
            Path dataFolder,
            Duration startTimeout) {
        this(
                key,
                machineType,
                classPath,
                dataFolder,
                SecretValues.NONE,
                Network.OUTBOUND,
                startTimeout);
    }

    /** Copies the list. */
    public SandboxSpec {
        classPath = List.copyOf(classPath);
        if (startTimeout.isNegative() || startTimeout.isZero()) {
            throw new IllegalArgumentException(
                    "the start timeout must be above 0, got " + startTimeout);
        }
    }

    /** The same, as somebody's. */
    public SandboxSpec ownedBy(Owner newOwner) {
        return new SandboxSpec(
                key,
                machineType,
                program,
                classPath,
                dataFolder,
                secrets,
                network,
                image,
                newOwner,
                startTimeout);
    }

    /** The same, in an image of its own. */
    public SandboxSpec withImage(String newImage) {
        return new SandboxSpec(
                key,
                machineType,
                program,
                classPath,
                dataFolder,
                secrets,
                network,
                newImage,
                owner,
                startTimeout);
    }
}
