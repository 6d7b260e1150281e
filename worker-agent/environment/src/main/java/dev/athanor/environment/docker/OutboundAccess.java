package dev.athanor.environment.docker;

import dev.athanor.environment.isolation.NetworkPolicy;
import dev.athanor.environment.isolation.OutboundNetwork;
import dev.athanor.environment.isolation.ProvidedFiles;
import dev.athanor.environment.sandbox.StartFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Gives containers a way out of their network namespaces.
 *
 * @param slirp the path of slirp4netns; empty: there is no way out
 * @param policy what may be reached
 * @param files with the addresses of the name server
 */
record OutboundAccess(String slirp, NetworkPolicy policy, ProvidedFiles files)
        implements AutoCloseable {

    boolean isOpen() {
        return !slirp.isEmpty();
    }

    /** Who to ask for addresses. */
    Path resolver() {
        return files.resolver();
    }

    /**
     * Connects the namespace of a container.
     *
     * @param process its first one
     */
    OutboundNetwork connect(Optional<ProcessHandle> process) {
        if (process.isEmpty()) {
            throw StartFailedException.failed(
                    "a sandbox has no network: its container cannot be found among the processes of"
                            + " this machine; --network none does without",
                    null);
        }
        try {
            return OutboundNetwork.enter(slirp, process.get().pid(), policy.ranges());
        } catch (IOException e) {
            throw StartFailedException.failed(
                    "a sandbox has no network that is kept from its machine's own: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
