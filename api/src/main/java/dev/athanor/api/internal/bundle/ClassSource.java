package dev.athanor.api.internal.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Class files as a class loader serves them, without loading the classes. Names are internal ones
 * ({@code java/lang/String}). For one thread.
 */
final class ClassSource {
    private final ClassLoader loader;
    private final Map<String, Optional<CodeLocation>> locations = new HashMap<>();

    ClassSource(ClassLoader loader) {
        this.loader = loader;
    }

    /** Empty when the loader has no such class. */
    Optional<CodeLocation> location(String name) {
        return locations.computeIfAbsent(name, this::find);
    }

    private Optional<CodeLocation> find(String name) {
        if (name.startsWith("java/")) {
            return Optional.of(new CodeLocation.Platform());
        }
        String resource = name + ".class";
        URL url = loader.getResource(resource);
        return Optional.ofNullable(url).map(found -> CodeLocation.of(found, resource));
    }

    /** Empty when the loader has no such class, or does not give its bytes. */
    Optional<byte[]> bytes(String name) {
        try (InputStream in = loader.getResourceAsStream(name + ".class")) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + ".class", e);
        }
    }
}
