package dev.athanor.runtime;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the class loader of user code: its parent is the JDK's, so that nothing of ours shows. */
final class UserClassPath {

    private UserClassPath() {}

    static URLClassLoader open(List<String> entries) {
        URL[] urls = new URL[entries.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = url(entries.get(i));
        }
        return new URLClassLoader("user", urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        Path path = Path.of(entry);
        if (!Files.isReadable(path)) {
            throw new InvalidClassPathException(
                    "class path entry " + entry + " does not exist or cannot be read");
        }
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new InvalidClassPathException(
                    "class path entry " + entry + ": " + e.getMessage());
        }
    }
}
