package dev.athanor.environment.docker;

import dev.athanor.environment.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What containers say of themselves: whose they are, and which process of which machine started
 * them, so that those of one that is gone can be told.
 */
final class Labels {
    private static final String AGENT = "dev.athanor.agent";

    /** Process ids mean something to processes of the same namespace only. */
    private static final String PROCESSES = "dev.athanor.processes";

    private static final String PROCESS = "dev.athanor.process";
    private static final String TENANT = "dev.athanor.tenant";
    private static final String ENVIRONMENT = "dev.athanor.environment";

    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

    private final String agent;
    private final String processes;
    private final String process;

    private Labels(String agent, String processes, String process) {
        this.agent = agent;
        this.processes = processes;
        this.process = process;
    }

    /** Those of this process. */
    static Labels own(String agent) throws IOException {
        return new Labels(
                agent,
                Files.readString(BOOT).strip() + "/" + Files.readSymbolicLink(NAMESPACE),
                text(ProcessHandle.current()));
    }

    private static String text(ProcessHandle process) {
        return process.pid()
                + "/"
                + process.info().startInstant().map(start -> start.toEpochMilli()).orElse(0L);
    }

    /** Those of a sandbox's container. */
    Map<String, String> of(SandboxSpec spec) {
        return Map.of(
                AGENT,
                agent,
                PROCESSES,
                processes,
                PROCESS,
                process,
                TENANT,
                spec.owner().tenant(),
                ENVIRONMENT,
                spec.owner().environment());
    }

    /** What the containers of this process have in common. */
    String ofThisProcess() {
        return PROCESS + "=" + process;
    }

    /** What containers have in common whose processes can be told alive or gone from here. */
    Map<String, String> ofThisMachine() {
        return Map.of(PROCESSES, processes);
    }

    /** Tells whether this process started a container of this machine. */
    boolean isOwn(Map<String, String> labels) {
        return process.equals(labels.get(PROCESS)) && agent.equals(labels.get(AGENT));
    }

    /**
     * Tells whether the process that started a container is gone.
     *
     * @param labels the container's, of this machine
     */
    static boolean isOrphan(Map<String, String> labels) {
        String process = labels.getOrDefault(PROCESS, "");
        try {
            Optional<ProcessHandle> starter =
                    ProcessHandle.of(Long.parseLong(process.split("/", 2)[0]));
            return starter.filter(handle -> text(handle).equals(process)).isEmpty();
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
