package dev.athanor.standalone.command;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says where an agent has the key that opens secrets. */
final class SecretsKeyOption {
    @Option(
            names = "--secrets-key-file",
            paramLabel = "FILE",
            defaultValue = "${env:ATHANOR_SECRETS_KEY_FILE}",
            description = {
                "The key that opens the cluster's secrets, the same for all of its agents: the first"
                        + " one makes it, readable by its owner only; copy it to the others.",
                "Default: secrets.key in the agent's data folder."
            })
    private @Nullable Path file;

    Optional<Path> file() {
        return Optional.ofNullable(file)
                .filter(given -> !given.toString().isBlank())
                .map(given -> given.toAbsolutePath().normalize());
    }
}
