package dev.athanor.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds options that cannot hold together, each of which is possible by itself. */
final class Contradictions {
    private Contradictions() {}

    /**
     * @throws InvalidOptionException where one contradicts another
     */
    static void check(Options options) {
        Map<String, String> versions = versions(options.requirements());
        checkRepositories(options.repositories());
        checkChecksums(options.checksums(), versions);
    }

    /** Versions by what is left of a coordinate without its last part. */
    private static Map<String, String> versions(List<String> requirements) {
        Map<String, String> versions = new HashMap<>();
        for (String coordinate : requirements) {
            String library = library(coordinate);
            String version = version(coordinate);
            String other = versions.put(library, version);
            if (other != null && !other.equals(version)) {
                throw new InvalidOptionException(
                        Setting.REQUIREMENTS.name(),
                        Setting.text(requirements),
                        "one version of %s, not both %s and %s".formatted(library, other, version));
            }
        }
        return versions;
    }

    private static void checkRepositories(List<String> repositories) {
        Map<String, String> addresses = new HashMap<>();
        for (String repository : repositories) {
            int separator = repository.indexOf("::");
            if (separator < 0) {
                continue;
            }
            String id = repository.substring(0, separator);
            String other = addresses.put(id, repository);
            if (other != null && !other.equals(repository)) {
                throw new InvalidOptionException(
                        Setting.REPOSITORIES.name(),
                        Setting.text(repositories),
                        "one address of \"%s\", not two".formatted(id));
            }
        }
    }

    private static void checkChecksums(
            Map<String, String> checksums, Map<String, String> versions) {
        for (String pinned : checksums.keySet()) {
            String required = versions.get(library(pinned));
            if (required != null && !required.equals(version(pinned))) {
                throw new InvalidOptionException(
                        Setting.CHECKSUMS.name(),
                        pinned,
                        "the version that requirements(…) names: %s:%s"
                                .formatted(library(pinned), required));
            }
            if (versions.isEmpty()) {
                throw new InvalidOptionException(
                        Setting.CHECKSUMS.name(), pinned, "requirements(…) that need it");
            }
        }
    }

    private static String library(String coordinate) {
        return coordinate.substring(0, coordinate.lastIndexOf(':'));
    }

    private static String version(String coordinate) {
        return coordinate.substring(coordinate.lastIndexOf(':') + 1);
    }
}
