package dev.athanor.api;

import java.nio.file.Path;
import java.util.Map;

/** Finds the folder for what a user's processes keep between them. */
final class CacheFolder {
    private CacheFolder() {}

    /** A relative {@code XDG_CACHE_HOME} counts as none, as its specification says. */
    static Path find(Map<String, String> environment, Path home) {
        String own = environment.getOrDefault("ATHANOR_CACHE", "");
        if (!own.isEmpty()) {
            return Path.of(own).toAbsolutePath();
        }
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path caches =
                !xdg.isEmpty() && Path.of(xdg).isAbsolute() ? Path.of(xdg) : home.resolve(".cache");
        return caches.resolve("athanor").toAbsolutePath();
    }
}
