package dev.athanor.environment.sandbox;

import dev.athanor.environment.data.DataView;
import java.util.List;

/**
 * Leaves sandboxes on the machine as it is, but for their data.
 *
 * @param data shows them their persistent folder
 */
record OpenEnclosure(DataView data) implements Enclosure {
    @Override
    public Room room(SandboxSpec spec, HostFiles files) {
        if (spec.network() == Network.NONE) {
            throw StartFailedException.failed(
                    "a sandbox without network could not be started: sandboxes that are bare"
                            + " processes have the network of their machine; this agent needs"
                            + " --isolation bubblewrap or docker for that",
                    null);
        }
        return new Room(
                files.program(),
                files.runtime(),
                files.workFolder(),
                files.socket(),
                spec.classPath(),
                data.seenAs(spec.dataFolder()),
                data.command(List.of(), spec.dataFolder()),
                0,
                () -> {});
    }
}
