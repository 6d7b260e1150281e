package dev.athanor.agent.call;

import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Bundle;
import dev.athanor.schemas.Digest;
import dev.athanor.schemas.blob.Blobs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bundles on the agent's disk, a folder per tenant, by digest. Fetched once; a file found from an
 * earlier life is checked against its name before it is used. Safe for any number of threads; those
 * that want the same bundle wait for one fetch.
 */
public final class BundleStore {
    private static final Set<PosixFilePermission> READABLE =
            PosixFilePermissions.fromString("rw-r--r--");

    private final Path folder;
    private final Payloads payloads;
    private final Map<Path, Path> checked = new ConcurrentHashMap<>();

    /**
     * @param folder made when missing
     */
    public BundleStore(Path folder, Payloads payloads) {
        this.folder = folder;
        this.payloads = payloads;
    }

    static String hex(Digest digest) {
        return HexFormat.of().formatHex(digest.bytes());
    }

    /**
     * The bundle's file.
     *
     * @throws dev.athanor.schemas.blob.BlobGoneException when it is neither here nor in Kafka
     */
    public Path file(String tenant, Bundle bundle) {
        BlobAddress address = bundle.getAddress();
        Path file = folder.resolve(tenant).resolve(hex(address.getDigest()) + ".jar");
        if (!Files.exists(file)) {
            checked.remove(file);
        }
        return checked.computeIfAbsent(file, missing -> find(tenant, address, missing));
    }

    private Path find(String tenant, BlobAddress address, Path file) {
        try {
            if (!Files.exists(file) || !hasDigest(file, address.getDigest())) {
                fetch(tenant, address, file);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot keep bundle %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private void fetch(String tenant, BlobAddress address, Path file) throws IOException {
        byte[] bytes = payloads.blob(tenant, address);
        Path parent = Files.createDirectories(folder.resolve(tenant));
        Path part = Files.createTempFile(parent, "bundle-", ".part");
        try {
            Files.write(part, bytes);
            // For sandboxes of another user, which see the file but not the folder.
            Files.setPosixFilePermissions(part, READABLE);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static boolean hasDigest(Path file, Digest digest) throws IOException {
        return Arrays.equals(Blobs.digest(Files.readAllBytes(file)).bytes(), digest.bytes());
    }
}
