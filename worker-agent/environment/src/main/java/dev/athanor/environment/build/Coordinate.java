package dev.athanor.environment.build;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Maven coordinate as users write it. */
record Coordinate(
        String group, String artifact, String extension, String classifier, String version) {
    private static final String DEFAULT_EXTENSION = "jar";
    private static final String NAME = "[A-Za-z0-9_-][A-Za-z0-9_.-]*";
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<group>NAME):(?<artifact>NAME)(?::(?<extension>NAME)(?::(?<classifier>NAME))?)?:(?<version>[A-Za-z0-9_(\\[][A-Za-z0-9_.+,()\\[\\]-]*)"
                            .replace("NAME", NAME));

    /** Reads a coordinate, or refuses it with the forms that are expected. */
    static Coordinate parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new BuildFailedException(
                    "requirement \""
                            + text
                            + "\" is not a Maven coordinate: write group:artifact:version,"
                            + " group:artifact:extension:version or"
                            + " group:artifact:extension:classifier:version, such as"
                            + " org.apache.commons:commons-text:1.13.0");
        }
        String extension = matcher.group("extension");
        String classifier = matcher.group("classifier");
        return new Coordinate(
                matcher.group("group"),
                matcher.group("artifact"),
                extension == null ? DEFAULT_EXTENSION : extension,
                classifier == null ? "" : classifier,
                matcher.group("version"));
    }

    /** Whether both name the same file but for its version. */
    boolean differsInVersionOnly(Coordinate other) {
        return group.equals(other.group)
                && artifact.equals(other.artifact)
                && extension.equals(other.extension)
                && classifier.equals(other.classifier)
                && !version.equals(other.version);
    }

    /** Returns the shortest form. */
    @Override
    public String toString() {
        String name = group + ":" + artifact + ":";
        if (!classifier.isEmpty()) {
            return name + extension + ":" + classifier + ":" + version;
        }
        return extension.equals(DEFAULT_EXTENSION)
                ? name + version
                : name + extension + ":" + version;
    }
}
