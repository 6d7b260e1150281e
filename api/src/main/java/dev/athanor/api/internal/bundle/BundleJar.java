package dev.athanor.api.internal.bundle;

import dev.athanor.api.TooLargeException;
import dev.athanor.schemas.blob.Blobs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes a jar whose bytes depend on nothing but its content. Of entries with the same name the
 * first is kept. Not for use by several threads.
 */
final class BundleJar {
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final LocalDateTime SOME_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private final SortedMap<String, byte[]> entries = new TreeMap<>();
    private boolean multiRelease;

    /** Adds an entry; class files are checked to be of a release that agents run. */
    void add(String name, byte[] content) {
        if (name.endsWith(".class")) {
            ClassFormat.check(className(name), content);
        }
        if (!name.equals(MANIFEST)) {
            entries.putIfAbsent(name, content);
        }
    }

    void add(Map<String, ClassFile> classes) {
        classes.forEach((name, file) -> add(name + ".class", file.bytes()));
    }

    void multiRelease() {
        multiRelease = true;
    }

    /**
     * @throws TooLargeException when the jar exceeds what may be sent
     */
    Bundle build() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            write(zip, MANIFEST, manifest().getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                write(zip, entry.getKey(), entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        if (bytes.size() > Blobs.DEFAULT_LIMIT) {
            throw new TooLargeException(
                    ("the function's code makes a jar of %,d bytes, the limit is %,d: name libraries"
                                    + " as requirements(…) instead")
                            .formatted(bytes.size(), Blobs.DEFAULT_LIMIT));
        }
        return new Bundle(bytes.toByteArray(), classNames());
    }

    private String manifest() {
        return "Manifest-Version: 1.0\r\n"
                + (multiRelease ? "Multi-Release: true\r\n" : "")
                + "\r\n";
    }

    private static void write(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(SOME_TIME);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private Set<String> classNames() {
        Set<String> names = new LinkedHashSet<>();
        entries.keySet().stream()
                .filter(name -> name.endsWith(".class"))
                .forEach(name -> names.add(className(name)));
        return names;
    }

    private static String className(String entry) {
        return entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
    }
}
