package dev.athanor.environment.isolation;

import dev.athanor.environment.sandbox.FolderTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Files that all sandboxes of one agent see in place of this machine's own.
 *
 * @param folder where they lie
 * @param filter refuses system calls, for the kernel; empty: there is none for this processor
 */
public record ProvidedFiles(Path folder, Optional<Path> filter) implements AutoCloseable {
    private static final String READABLE = "rw-r--r--";

    /**
     * Writes them into a folder of their own.
     *
     * @param user the number of the sandboxes' user
     * @throws IOException if they cannot be written
     */
    public static ProvidedFiles write(int user) throws IOException {
        Path folder = Files.createTempDirectory("athanor-sandboxes-");
        try {
            write(
                    folder.resolve("passwd"),
                    "root:x:0:0:root:/:/usr/sbin/nologin\nfunction:x:%d:%d:function:%s:/bin/sh\n"
                            .formatted(user, user, BubblewrapCommand.WORK));
            write(folder.resolve("group"), "root:x:0:\nfunction:x:%d:\n".formatted(user));
            write(
                    folder.resolve("hosts"),
                    "127.0.0.1 localhost %s\n".formatted(BubblewrapCommand.HOST_NAME));
            write(
                    folder.resolve("nsswitch.conf"),
                    "passwd: files\ngroup: files\nhosts: files dns\n");
            write(
                    folder.resolve("resolv.conf"),
                    "nameserver %s\n".formatted(OutboundNetwork.NAME_SERVER));
            Optional<SystemCalls> calls = SystemCalls.of(System.getProperty("os.arch", ""));
            Path filter = folder.resolve("filter.bpf");
            if (calls.isPresent()) {
                Files.write(filter, SeccompFilter.of(calls.get()));
            }
            return new ProvidedFiles(folder, calls.map(each -> filter));
        } catch (IOException e) {
            FolderTree.delete(folder);
            throw e;
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(READABLE));
    }

    /** Where each belongs. */
    Map<String, Path> places() {
        Map<String, Path> places = new LinkedHashMap<>();
        for (String name : new String[] {"passwd", "group", "hosts", "nsswitch.conf"}) {
            places.put("/etc/" + name, folder.resolve(name));
        }
        return places;
    }

    /** Who to ask for addresses, where there is a network. */
    public Path resolver() {
        return folder.resolve("resolv.conf");
    }

    @Override
    public void close() {
        FolderTree.delete(folder);
    }
}
