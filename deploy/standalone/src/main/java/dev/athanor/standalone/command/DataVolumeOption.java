package dev.athanor.standalone.command;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says where the persistent data of functions is. */
final class DataVolumeOption {
    @Option(
            names = "--data-volume",
            paramLabel = "DIR",
            defaultValue = "${env:ATHANOR_DATA_VOLUME}",
            description = {
                "Where what functions keep in /data is, a folder for each tenant. Agents on several"
                        + " machines need a shared file system there, such as NFS.",
                "The first agent to be given one decides for the cluster: one whose volume carries"
                        + " another id, in the file .athanor-volume, may not join. Default: the"
                        + " first agent's, where it is at the same path here, else a folder in"
                        + " --data-dir."
            })
    private @Nullable Path volume;

    Optional<Path> volume() {
        return volume == null || volume.toString().isBlank()
                ? Optional.empty()
                : Optional.of(volume);
    }
}
