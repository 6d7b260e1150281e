package dev.athanor.environment.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** Makes folders for sockets: with short paths, and open to this user only. */
public final class SocketFolder {

    /** The longest path of a Unix domain socket that the JDK takes, in bytes. */
    static final int MAX_PATH_BYTES = 106;

    private static final Path PREFERRED = Path.of("/run/athanor");
    private static final int NAME_CHARS = 8;
    private static final int LONGEST_SOCKET_NAME = 12;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private SocketFolder() {}

    /**
     * Creates a new folder: {@code /run/athanor/<8 characters>} where that is permitted, else one
     * in the folder for temporary files.
     *
     * @return the folder, to be deleted by the caller
     * @throws IOException if neither place will do; the message says what to change
     */
    public static Path create() throws IOException {
        String name = UUID.randomUUID().toString().substring(0, NAME_CHARS);
        try {
            Files.createDirectories(PREFERRED);
            return Files.createDirectory(PREFERRED.resolve(name), OWNER_ONLY);
        } catch (IOException e) {
            return createIn(Path.of(System.getProperty("java.io.tmpdir")), "athanor-" + name);
        }
    }

    private static Path createIn(Path parent, String name) throws IOException {
        Path folder = parent.toAbsolutePath().resolve(name);
        int length = folder.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length + 1 + LONGEST_SOCKET_NAME > MAX_PATH_BYTES) {
            throw new IOException(
                    "the path of "
                            + folder
                            + " is too long for sockets; make /run/athanor writable or set"
                            + " -Djava.io.tmpdir to a folder with a shorter path");
        }
        return Files.createDirectory(folder, OWNER_ONLY);
    }
}
