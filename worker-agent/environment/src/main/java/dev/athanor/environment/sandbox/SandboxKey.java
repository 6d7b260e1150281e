package dev.athanor.environment.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Tells which functions share a hot sandbox: those of one tenant with the same environment,
 * bundles, machine type and options.
 *
 * @param hex a SHA-256 in 64 lower-case hexadecimal digits
 */
public record SandboxKey(String hex) {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** Refuses what is no SHA-256. */
    public SandboxKey {
        if (!SHA_256.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "a sandbox key is 64 lower-case hexadecimal digits, got '" + hex + "'");
        }
    }

    /**
     * Hashes all that shapes a sandbox.
     *
     * @param tenant whose it is
     * @param environmentKey of the environment
     * @param bundleDigests of the bundles, in class path order
     * @param machineType name of the machine type
     * @param options every other option that shapes it; their order does not matter
     * @return the key
     */
    public static SandboxKey of(
            String tenant,
            String environmentKey,
            List<String> bundleDigests,
            String machineType,
            Map<String, String> options) {
        MessageDigest digest = sha256();
        add(digest, tenant);
        add(digest, environmentKey);
        addCount(digest, bundleDigests.size());
        bundleDigests.forEach(bundle -> add(digest, bundle));
        add(digest, machineType);
        addCount(digest, options.size());
        new TreeMap<>(options)
                .forEach((name, value) -> {
                    add(digest, name);
                    add(digest, value);
                });
        return new SandboxKey(HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        addCount(digest, bytes.length);
        digest.update(bytes);
    }

    private static void addCount(MessageDigest digest, int count) {
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            digest.update((byte) (count >>> shift));
        }
    }
}
