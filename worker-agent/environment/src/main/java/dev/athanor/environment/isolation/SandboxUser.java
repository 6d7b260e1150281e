package dev.athanor.environment.isolation;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The user that sandboxes run as.
 *
 * @param privileged whether this process runs as root: then that user is another one, else it only
 *     looks so from inside
 */
public record SandboxUser(boolean privileged) {
    /** Its number, and that of its group. */
    public static final int NUMBER = 10_001;

    private static final Path SELF = Path.of("/proc/self");
    private static final String OWNER = "unix:uid";
    private static final String GROUP = "unix:gid";
    private static final int ROOT = 0;

    /** Finds out whether this process runs as root. */
    public static SandboxUser find() throws IOException {
        Object owner = Files.getAttribute(SELF, OWNER);
        return new SandboxUser(owner.equals(ROOT));
    }

    /**
     * Its number and that of its group, to the machine.
     *
     * @throws IOException if this process's own cannot be read
     */
    public String ids() throws IOException {
        return privileged
                ? NUMBER + ":" + NUMBER
                : Files.getAttribute(SELF, OWNER) + ":" + Files.getAttribute(SELF, GROUP);
    }

    /** Lets it connect to a socket whose folder only this process can open. */
    public void admit(Path socket) throws IOException {
        if (privileged) {
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        }
    }

    /**
     * Gives it the persistent folder of a tenant, with all that is in there, where that is still
     * someone else's.
     */
    public void give(Path folder) throws IOException {
        if (privileged
                && !Files.getAttribute(folder, OWNER, LinkOption.NOFOLLOW_LINKS).equals(NUMBER)) {
            // The folder itself comes last: until then it is done again.
            Files.walkFileTree(folder, new Giving());
        }
    }

    private static final class Giving extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            give(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                throws IOException {
            give(folder);
            return FileVisitResult.CONTINUE;
        }

        private static void give(Path path) throws IOException {
            Files.setAttribute(path, GROUP, NUMBER, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, OWNER, NUMBER, LinkOption.NOFOLLOW_LINKS);
        }
    }
}
