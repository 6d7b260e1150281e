package dev.athanor.agent.data;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The file that tells a volume from another one. It moves with a volume's copies. */
final class VolumeId {
    /** No tenant can have a name that begins with a dot. */
    static final String FILE = ".athanor-volume";

    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,64}");

    private VolumeId() {}

    /**
     * Reads a volume's id; empty where it has none.
     *
     * @throws DataVolumeException when the file holds something else
     */
    static Optional<String> read(Path volume) throws IOException {
        Path file = volume.resolve(FILE);
        try {
            String id = Files.readString(file).strip();
            if (!ID.matcher(id).matches()) {
                throw new DataVolumeException(
                        "%s holds no volume id, which is 1 to 64 letters, digits or '-'"
                                .formatted(file));
            }
            return Optional.of(id);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Reads a volume's id, which is made where it has none; all that make it get the same. */
    static String readOrMake(Path volume) throws IOException {
        Optional<String> existing = read(volume);
        if (existing.isPresent()) {
            return existing.get();
        }
        Path temporary = Files.createTempFile(volume, FILE, ".part");
        try {
            Files.writeString(
                    temporary, UUID.randomUUID() + System.lineSeparator(), StandardOpenOption.SYNC);
            publish(temporary, volume.resolve(FILE));
        } finally {
            Files.deleteIfExists(temporary);
        }
        return read(volume)
                .orElseThrow(() -> new IOException("the id of %s is gone".formatted(volume)));
    }

    /** By a link: a rename would replace what another agent has made meanwhile. */
    private static void publish(Path temporary, Path file) throws IOException {
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            // Theirs counts.
            return;
        } catch (UnsupportedOperationException e) {
            Files.copy(temporary, file);
        }
    }
}
