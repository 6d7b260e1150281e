package dev.athanor.runtime;

import dev.athanor.runtime.protocol.AgentLink;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the class loader of user code. */
final class UserClassPath {

    private UserClassPath() {}

    static URLClassLoader open(List<String> entries, AgentLink link) {
        URL[] urls = new URL[entries.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = url(entries.get(i));
        }
        return new UserClassLoader(urls, link);
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
