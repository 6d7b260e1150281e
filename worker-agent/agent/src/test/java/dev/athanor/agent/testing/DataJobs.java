package dev.athanor.agent.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Functions that look at {@code /data} and keep things there. */
public final class DataJobs {
    private DataJobs() {}

    /**
     * What is in a folder: for each path, relative to it, its permissions and its text, where it
     * leads, or that it is a folder.
     */
    public static Map<String, String> tree(String folder) {
        TreeMap<String, String> tree = new TreeMap<>();
        Path root = path(folder);
        try (Stream<Path> paths = Files.walk(root)) {
            paths.forEach(path -> tree.put(root.relativize(path).toString(), describe(path)));
            return tree;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where {@code /data} cannot be mounted, the variable says where it is. */
    private static Path path(String path) {
        String data = System.getenv("ATHANOR_DATA");
        return Path.of(data == null ? path : path.replaceFirst("^/data", data));
    }

    private static String describe(Path path) {
        try {
            if (Files.isSymbolicLink(path)) {
                return "-> " + Files.readSymbolicLink(path);
            }
            String mode =
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
            return mode + (Files.isDirectory(path) ? "/" : " " + Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many files and folders there are, the folder itself included. */
    public static Long count(String folder) throws IOException {
        try (Stream<Path> paths = Files.walk(path(folder))) {
            return paths.count();
        }
    }

    public static String read(String file) throws IOException {
        return Files.readString(path(file));
    }

    /** Writes a file, in a folder that it makes. */
    public static String write(String file, String text) throws IOException {
        Files.createDirectories(path(file).getParent());
        return Files.writeString(path(file), text).toString();
    }

    public static String link(String link, String target) throws IOException {
        return Files.createSymbolicLink(path(link), Path.of(target)).toString();
    }

    public static String sha256(String file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(path(file)), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Reads at the path as it is given. */
    public static String readPlainly(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    public static Boolean exists(String path) {
        return Files.exists(path(path), LinkOption.NOFOLLOW_LINKS);
    }
}
