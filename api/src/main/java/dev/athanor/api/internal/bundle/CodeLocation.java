package dev.athanor.api.internal.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the bytes of a class come from. */
sealed interface CodeLocation {
    /** The JDK. */
    record Platform() implements CodeLocation {}

    /** A folder of classes, such as {@code target/classes}. */
    record Folder(Path path) implements CodeLocation {}

    /** A jar on its own in the file system. */
    record Jar(Path path) implements CodeLocation {}

    /** Anything else: jars within jars, memory, the network. */
    record Elsewhere(String address) implements CodeLocation {}

    /**
     * Tells where a class file is.
     *
     * @param resource where a class loader says that the class file is
     * @param name the class file's path within its folder or jar
     */
    static CodeLocation of(URL resource, String name) {
        String address = resource.toExternalForm();
        if (address.startsWith("jrt:")) {
            return new Platform();
        }
        if (address.startsWith("file:") && address.endsWith(name)) {
            return folder(address.substring(0, address.length() - name.length()));
        }
        if (address.startsWith("jar:file:") && address.indexOf("!/") == address.lastIndexOf("!/")) {
            return jar(address.substring("jar:".length(), address.indexOf("!/")));
        }
        int end = address.lastIndexOf("!/");
        return new Elsewhere(end >= 0 ? address.substring(0, end) : address.replace(name, ""));
    }

    private static CodeLocation folder(String address) {
        Path path = Path.of(URI.create(address.replace(" ", "%20")));
        return new Folder(canonical(path));
    }

    private static CodeLocation jar(String address) {
        Path path = Path.of(URI.create(address.replace(" ", "%20")));
        return Files.isRegularFile(path) ? new Jar(canonical(path)) : new Elsewhere(address);
    }

    private static Path canonical(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last part of its address: of jars the file name. */
    default String fileName() {
        String address =
                this instanceof Jar jar
                        ? jar.path().toString()
                        : this instanceof Elsewhere elsewhere ? elsewhere.address() : "";
        String trimmed = address.replaceAll("[!/\\\\]+$", "");
        return trimmed.substring(Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\')) + 1);
    }
}
