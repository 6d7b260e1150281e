package dev.athanor.schemas.keys;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The key that a process is given by its environment or by a file: the variables {@value #KEY_ID}
 * and {@value #KEY_SECRET}, else the properties {@code key-id} and {@code key-secret} of the file
 * that {@value #FILE} names, else of {@code ~/.athanor/profile.properties} where there is one. The
 * certificate authority, {@value #AUTHORITY} or {@code ca}, is looked for in the same order. Blank
 * counts as absent.
 *
 * @param environment of the process
 * @param home the user's folder
 */
public record Profile(Map<String, String> environment, Path home) {
    public static final String KEY_ID = "ATHANOR_KEY_ID";
    public static final String KEY_SECRET = "ATHANOR_KEY_SECRET";
    public static final String AUTHORITY = "ATHANOR_CA";
    public static final String FILE = "ATHANOR_PROFILE";

    private static final String FILE_KEY_ID = "key-id";
    private static final String FILE_KEY_SECRET = "key-secret";
    private static final String FILE_AUTHORITY = "ca";

    public Profile {
        environment = Map.copyOf(environment);
    }

    /** That of this process. */
    public static Profile ofProcess() {
        return new Profile(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /**
     * The key, where there is one.
     *
     * @throws IllegalArgumentException when there is half a key, or no file of the name that is set
     * @throws UncheckedIOException when the file cannot be read
     */
    public Optional<Credentials> credentials() {
        Optional<Credentials> set =
                credentials(variable(KEY_ID), variable(KEY_SECRET), KEY_ID, KEY_SECRET);
        return set.isPresent() ? set : file().flatMap(Profile::credentials);
    }

    /**
     * Certificates, in PEM, that the brokers' are signed by; empty: those that the JVM trusts.
     *
     * @throws IllegalArgumentException when there is no file of the name that is set
     * @throws UncheckedIOException when the file cannot be read
     */
    public Optional<Path> authority() {
        Optional<Path> set = variable(AUTHORITY).map(Path::of);
        return set.isPresent()
                ? set
                : file().flatMap(file ->
                        text(read(file).getProperty(FILE_AUTHORITY))
                                .map(path -> file.toAbsolutePath().resolveSibling(path)));
    }

    private Optional<Path> file() {
        Optional<Path> named = variable(FILE).map(Path::of);
        Path usual = home.resolve(".athanor").resolve("profile.properties");
        return named.isPresent() || !Files.exists(usual) ? named : Optional.of(usual);
    }

    private Optional<String> variable(String name) {
        return text(environment.get(name));
    }

    private static Optional<Credentials> credentials(Path file) {
        Properties properties = read(file);
        return credentials(
                text(properties.getProperty(FILE_KEY_ID)),
                text(properties.getProperty(FILE_KEY_SECRET)),
                FILE_KEY_ID + " in " + file,
                FILE_KEY_SECRET + " in " + file);
    }

    private static Properties read(Path file) {
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(
                    "there is no profile file %s, which %s names".formatted(file, FILE));
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read the profile file %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static Optional<Credentials> credentials(
            Optional<String> keyId, Optional<String> secret, String idName, String secretName) {
        if (keyId.isPresent() != secret.isPresent()) {
            throw new IllegalArgumentException(
                    "half a key was given: %s is there, and %s is missing"
                            .formatted(
                                    keyId.isPresent() ? idName : secretName,
                                    keyId.isPresent() ? secretName : idName));
        }
        return keyId.flatMap(id -> secret.map(value -> new Credentials(id, value)));
    }

    private static Optional<String> text(@Nullable String value) {
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    /**
     * Writes a profile file that only its owner may read.
     *
     * @throws IOException when it cannot be written, or is there already
     */
    public static void write(Path file, Credentials credentials, Optional<Path> authority)
            throws IOException {
        Properties properties = new Properties();
        properties.setProperty(FILE_KEY_ID, credentials.keyId());
        properties.setProperty(FILE_KEY_SECRET, credentials.secret());
        authority.ifPresent(
                path -> properties.setProperty(FILE_AUTHORITY, path.toAbsolutePath().toString()));
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            properties.store(writer, null);
        }
    }
}
