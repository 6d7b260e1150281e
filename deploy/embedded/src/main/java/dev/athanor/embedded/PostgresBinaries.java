package dev.athanor.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks the programs of PostgreSQL that are on the class path. */
final class PostgresBinaries {
    private static final int NAME_BYTES = 8;
    private static final String PREFIX = "programs-";

    private PostgresBinaries() {}

    /**
     * The folder with the programs of this release, unpacked where that is not done yet: as a
     * whole, or not at all. Those of other releases are removed.
     *
     * @param folder where they are kept; used by one process at a time
     * @throws IOException when it cannot be written to
     * @throws IllegalStateException when there are none for this kind of machine
     */
    static Path in(Path folder) throws IOException {
        byte[] archive = archive();
        Path programs = folder.resolve(PREFIX + digest(archive));
        if (Files.exists(programs)) {
            return programs;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith(PREFIX)) {
                    delete(file);
                }
            }
        }
        Path part = folder.resolve(PREFIX + "part");
        unpack(archive, part);
        return Files.move(part, programs);
    }

    private static byte[] archive() throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        try (InputStream archive =
                DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
                        system.startsWith("mac") ? "Darwin" : "Linux",
                        System.getProperty("os.arch"))) {
            return archive.readAllBytes();
        }
    }

    private static String digest(byte[] archive) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(archive);
            return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void unpack(byte[] archive, Path folder) throws IOException {
        try (TarArchiveInputStream files =
                new TarArchiveInputStream(
                        new XZCompressorInputStream(new ByteArrayInputStream(archive)))) {
            for (TarArchiveEntry entry = files.getNextEntry();
                    entry != null;
                    entry = files.getNextEntry()) {
                unpack(entry, files, entry.resolveIn(folder));
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path file)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Path parent = Objects.requireNonNull(file.getParent());
        Files.createDirectories(parent);
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, file);
        if (parent.endsWith("bin") && !file.toFile().setExecutable(true)) {
            throw new IOException("cannot make %s executable".formatted(file));
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
