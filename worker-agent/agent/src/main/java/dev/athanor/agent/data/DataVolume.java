package dev.athanor.agent.data;

import dev.athanor.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A volume with a folder for each tenant. Safe for any number of threads.
 *
 * @param path where it is, absolute
 * @param id what it says that it is
 * @param warning why functions may find other files here than elsewhere, for the operator
 */
public record DataVolume(Path path, String id, Optional<String> warning) {
    private static final String OWN_ONLY = "rwx------";

    /**
     * The folder of a tenant, made when missing.
     *
     * @param tenant from the verified key: letters, digits, '-' and '_'
     * @throws IllegalArgumentException when a tenant cannot have that name
     * @throws UncheckedIOException when it cannot be made
     */
    public Path folder(String tenant) {
        if (!Topics.isName(tenant)) {
            throw new IllegalArgumentException("'" + tenant + "' cannot be a tenant");
        }
        Path folder = path.resolve(tenant);
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                    Files.setPosixFilePermissions(
                            folder, PosixFilePermissions.fromString(OWN_ONLY));
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for data at " + folder + ": " + e, e);
        }
    }
}
