package dev.athanor.api;

import dev.athanor.api.data.DataPath;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The values that an option can have, and how a message describes them. */
record Legal<T>(String description, Predicate<T> test) {
    private static final Pattern COORDINATE = Pattern.compile("[^\\s:]+(:[^\\s:]+){2,4}");
    private static final Pattern CLASS_PATTERN =
            Pattern.compile(
                    "(\\p{javaJavaIdentifierPart}+\\.)*(\\p{javaJavaIdentifierPart}+|\\*\\*?)");
    private static final Pattern TOPIC_PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[!-~]{1,255}");
    private static final int LONGEST_NAME = 200;
    private static final String NAME_PART =
            "(?!(jobs|versions|current)(/|$))[A-Za-z0-9][A-Za-z0-9_.-]*";
    private static final Pattern FUNCTION_NAME =
            Pattern.compile("%s(/%s){0,7}".formatted(NAME_PART, NAME_PART));
    private static final Pattern SECRET_NAME =
            Pattern.compile(
                    "(?!(PATH|HOME|TMPDIR|LANG|TZ|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS)$"
                            + "|LD_)[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Pattern REPOSITORY_ID = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern SHA_256 = Pattern.compile("[0-9A-Fa-f]{64}");
    private static final Set<String> HTTP_SCHEMES = Set.of("http", "https");
    private static final Set<String> REPOSITORY_SCHEMES = Set.of("http", "https", "file");

    static <T> Legal<T> anything() {
        return new Legal<>("a value", value -> true);
    }

    static Legal<Duration> durations(Duration min, Duration max) {
        return new Legal<>(
                "%s to %s".formatted(text(min), text(max)),
                value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
    }

    static Legal<Integer> integers(int min, int max) {
        return new Legal<>("%,d to %,d".formatted(min, max), value -> value >= min && value <= max);
    }

    static Legal<Long> longs(long min, long max) {
        return new Legal<>("%,d to %,d".formatted(min, max), value -> value >= min && value <= max);
    }

    static Legal<String> text() {
        return new Legal<>("a text that is not blank", value -> !value.isBlank());
    }

    /** What becomes part of a topic's name. */
    static Legal<String> httpAddress() {
        return new Legal<>("an address such as http://localhost:8700", Legal::isHttpAddress);
    }

    private static boolean isHttpAddress(String value) {
        try {
            URI uri = new URI(value);
            return uri.getHost() != null && HTTP_SCHEMES.contains(uri.getScheme());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    static Legal<String> topicPart() {
        return new Legal<>(
                "1 to 64 letters, digits, '-' and '_', the first a letter or digit",
                value -> TOPIC_PART.matcher(value).matches());
    }

    static Legal<String> idempotencyKey() {
        return new Legal<>(
                "1 to 255 characters of ASCII, without spaces",
                value -> IDEMPOTENCY_KEY.matcher(value).matches());
    }

    static Legal<String> functionName() {
        return new Legal<>(
                "1 to 8 parts with '/' between them, each of letters, digits, '_', '-' and '.', the first"
                        + " a letter or digit, none of them jobs, versions or current, and 200"
                        + " characters in all",
                value -> value.length() <= LONGEST_NAME && FUNCTION_NAME.matcher(value).matches());
    }

    static Legal<List<String>> coordinates() {
        return each(
                "Maven coordinates as group:artifact:version, group:artifact:extension:version or"
                        + " group:artifact:extension:classifier:version",
                value -> COORDINATE.matcher(value).matches());
    }

    static Legal<Map<String, String>> checksums() {
        return new Legal<>(
                "for each Maven coordinate a SHA-256 in 64 hexadecimal digits",
                pins ->
                        pins.entrySet().stream()
                                .allMatch(pin ->
                                        pin.getKey() != null
                                                && pin.getValue() != null
                                                && COORDINATE.matcher(pin.getKey()).matches()
                                                && SHA_256.matcher(pin.getValue()).matches()));
    }

    static Legal<List<String>> repositories() {
        return each(
                "addresses as https://host/path or id::https://host/path, without user and password"
                        + " (agents take those from the server \"id\" of their settings.xml)",
                Legal::isRepository);
    }

    static Legal<List<String>> classPatterns() {
        return each(
                "class names as com.acme.Order, com.acme.* (the package) or com.acme.** (and those"
                        + " below it)",
                value -> CLASS_PATTERN.matcher(value).matches() && !value.startsWith("*"));
    }

    /** A folder that can be synced to. */
    static DataPath dataPath(String value) {
        try {
            return DataPath.parse(value);
        } catch (IllegalArgumentException e) {
            throw new InvalidOptionException(
                    "remoteDir",
                    value,
                    "an absolute path below /data, without '..' (%s)".formatted(e.getMessage()));
        }
    }

    /** Names of environment variables, but for those that a process is started with anyhow. */
    static Legal<List<String>> secretNames() {
        return each(
                "names of 1 to 128 letters, digits and '_', the first no digit, and none that shapes"
                        + " the process itself, as PATH, LD_… and JAVA_TOOL_OPTIONS do",
                value -> SECRET_NAME.matcher(value).matches());
    }

    static <T> Legal<List<T>> each(String description, Predicate<T> test) {
        return new Legal<>(
                description,
                values -> values.stream().allMatch(value -> value != null && test.test(value)));
    }

    /** Seconds where they are whole, as people read them: {@code 90 s}. */
    static String text(Duration duration) {
        return duration.getNano() == 0
                ? "%,d s".formatted(duration.getSeconds())
                : "%s".formatted(duration);
    }

    private static boolean isRepository(String value) {
        int separator = value.indexOf("::");
        if (separator >= 0 && !REPOSITORY_ID.matcher(value.substring(0, separator)).matches()) {
            return false;
        }
        try {
            URI uri = new URI(separator < 0 ? value : value.substring(separator + 2));
            return uri.getScheme() != null
                    && REPOSITORY_SCHEMES.contains(uri.getScheme())
                    && uri.getRawUserInfo() == null
                    && (uri.getHost() != null || uri.getScheme().equals("file"));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
