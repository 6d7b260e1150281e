package dev.athanor.environment.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The SHA-256 that the caller pinned, by coordinate. */
final class PinnedChecksums {
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private final Map<Coordinate, String> pinned = new LinkedHashMap<>();

    /** Reads them, or refuses a malformed one. */
    PinnedChecksums(Map<String, String> checksums) {
        new TreeMap<>(checksums)
                .forEach((coordinate, checksum) ->
                        pinned.put(Coordinate.parse(coordinate), parse(coordinate, checksum)));
    }

    /** Refuses an environment with a file other than pinned, or without one that is pinned. */
    void check(Map<Coordinate, Path> files) throws IOException {
        for (Map.Entry<Coordinate, String> pin : pinned.entrySet()) {
            Path file = files.get(pin.getKey());
            if (file == null) {
                throw new BuildFailedException(
                        "a checksum is pinned for "
                                + pin.getKey()
                                + ", which is not among the resolved artifacts "
                                + files.keySet());
            }
            String actual = sha256(file);
            if (!actual.equals(pin.getValue())) {
                throw new BuildFailedException(
                        "checksum of "
                                + pin.getKey()
                                + " is "
                                + actual
                                + ", but "
                                + pin.getValue()
                                + " is pinned: either the repository serves another file, or the"
                                + " pin is wrong");
            }
        }
    }

    private static String parse(String coordinate, String checksum) {
        String hex = checksum.toLowerCase(Locale.ROOT);
        if (!SHA_256.matcher(hex).matches()) {
            throw new BuildFailedException(
                    "checksum \""
                            + checksum
                            + "\" of "
                            + coordinate
                            + " is not a SHA-256: write 64 hexadecimal digits");
        }
        return hex;
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file);
                DigestInputStream digested = new DigestInputStream(content, KeyHash.sha256())) {
            digested.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        }
    }
}
