package dev.athanor.api.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where what is under way for one folder lies, on the same file system as the folder itself: files
 * that grow, files that are whole, and pages of manifests. Every caller that syncs the folder
 * shares the files, so that what was interrupted goes on where it was.
 */
final class Staging {
    private static final Pattern SESSION = Pattern.compile("[0-9a-f-]{36}");
    private static final String LOCK = "lock";
    private static final String FILES = "files";
    private static final String SESSIONS = "sessions";
    private static final int KEY_BYTES = 16;

    private final Path root;
    private final Path shared;
    private final Path folder;

    Staging(Path root, DataPath target) {
        this.root = root;
        shared = root.resolve(DataPath.RESERVED).resolve("sync");
        folder = shared.resolve(key(target.toString()));
    }

    /** Makes its folders. */
    void make() throws IOException {
        for (Path above : List.of(root.resolve(DataPath.RESERVED), shared, folder)) {
            if (!Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS)) {
                createFolder(above);
            }
        }
        Files.createDirectories(files());
        Files.createDirectories(sessions());
    }

    /** Another call may make it at the same time; a link in its place is refused. */
    private static void createFolder(Path path) throws IOException {
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }

    /** The present time of this file system, whatever the clocks of its machines say. */
    Instant now() throws IOException {
        Path file = Files.createTempFile(folder, "now", "");
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** A name for a link that is made under the lock. */
    Path newLink() {
        return folder.resolve("link");
    }

    /**
     * Deletes what is under way for a folder and has not been touched since: uploads that nobody
     * goes on with.
     */
    void sweep(Instant since) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(shared)) {
            for (Path each : folders) {
                if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    sweep(each.resolve(FILES), since);
                    sweep(each.resolve(SESSIONS), since);
                }
            }
        }
    }

    private static void sweep(Path folder, Instant since) throws IOException {
        try (DirectoryStream<Path> members = Files.newDirectoryStream(folder)) {
            for (Path member : members) {
                if (touched(member).isBefore(since)) {
                    Trees.delete(member);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Its first call is just making it.
            return;
        }
    }

    private static Instant touched(Path member) {
        try {
            return Files.getLastModifiedTime(member, LinkOption.NOFOLLOW_LINKS).toInstant();
        } catch (IOException e) {
            return Instant.MAX;
        }
    }

    /** Of all folders: they may lie in each other. */
    Path commitLock() {
        return shared.resolve(LOCK);
    }

    /** Of the files that grow. */
    Path filesLock() {
        return folder.resolve(LOCK);
    }

    private Path files() {
        return folder.resolve(FILES);
    }

    private Path sessions() {
        return folder.resolve(SESSIONS);
    }

    /** A file whose chunks arrive. */
    Path growing(String path, ContentId content) {
        return files().resolve(key(path + '\0' + content.hex()) + ".part");
    }

    /** The same file once it is whole, and durable. */
    Path whole(Entry.File file) {
        return files().resolve(key(file.path() + '\0' + file.id().hex()) + ".whole");
    }

    /** Folder of one caller's manifest. */
    Path session(String session) {
        if (!SESSION.matcher(session).matches()) {
            throw new IllegalArgumentException("'" + session + "' names no session");
        }
        return sessions().resolve(session);
    }

    /** Keeps a page, whole or not at all. */
    void keep(String session, int page, byte[] entries) throws IOException {
        Path pages = Files.createDirectories(session(session));
        Path temporary = Files.createTempFile(pages, "page", ".part");
        Files.write(temporary, entries);
        Files.move(temporary, page(session, page), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The page as it was kept; empty when it is not there, or no longer. */
    Optional<ManifestPage> kept(String session, int page) throws IOException {
        try {
            return Optional.of(ManifestPage.decode(Files.readAllBytes(page(session, page))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Path page(String session, int page) {
        return session(session).resolve("page-" + page);
    }

    private static String key(String text) {
        byte[] digest = Sha256.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
    }
}
