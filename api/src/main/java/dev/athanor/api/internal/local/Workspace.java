package dev.athanor.api.internal.local;

import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.api.internal.bundle.Bundler;
import dev.athanor.environment.sandbox.FolderTree;
import dev.athanor.environment.sandbox.SocketFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Folders of this process for what no other needs: bundles, sandboxes' work and their sockets. Safe
 * for any number of threads.
 */
final class Workspace {
    private final Path folder;
    private final Path sockets;
    private final Map<String, Path> bundles = new ConcurrentHashMap<>();

    private Workspace(Path folder, Path sockets) {
        this.folder = folder;
        this.sockets = sockets;
    }

    static Workspace create() throws IOException {
        return new Workspace(Files.createTempDirectory("athanor-local-"), SocketFolder.create());
    }

    Path sockets() {
        return sockets;
    }

    Path sandboxes() {
        return folder.resolve("sandboxes");
    }

    /** The jar or classes of the sandboxes' runtime, wherever the process itself has it from. */
    Path runtime() {
        return file(Bundler.runtimeBundle());
    }

    /** The bundle's file, written when it is first asked for. */
    Path file(Bundle bundle) {
        return bundles.computeIfAbsent(digest(bundle), name -> write(name, bundle));
    }

    static String digest(Bundle bundle) {
        return HexFormat.of().formatHex(bundle.digest().bytes());
    }

    private Path write(String name, Bundle bundle) {
        Path file = folder.resolve(name + ".jar");
        try {
            return Files.write(file, bundle.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Deletes all of it; what resists stays, in a folder for temporary files. */
    void delete() {
        FolderTree.delete(folder);
        FolderTree.delete(sockets);
    }
}
