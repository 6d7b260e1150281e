package dev.athanor.environment.build;

import java.util.List;
import java.util.Map;

/** Definitions that several tests use. */
final class Definitions {
    static final String COMMONS_TEXT = "org.apache.commons:commons-text:1.13.0";

    private Definitions() {}

    static EnvironmentDefinition of(String... requirements) {
        return with(List.of(requirements), List.of(), Map.of());
    }

    static EnvironmentDefinition with(
            List<String> requirements,
            List<RepositoryDefinition> repositories,
            Map<String, String> checksums) {
        return new EnvironmentDefinition(
                EnvironmentKind.JVM, "", requirements, repositories, checksums);
    }

    static EnvironmentDefinition python(String... requirements) {
        return new EnvironmentDefinition(
                EnvironmentKind.PYTHON, "", List.of(requirements), List.of(), Map.of());
    }
}
