package dev.athanor.environment.build;

import java.util.List;
import java.util.Map;

/**
 * What an environment is made of. Nothing is checked here beyond nulls: a builder refuses what it
 * cannot read.
 *
 * @param kind which builder it needs
 * @param runtimeVersion language version that the caller runs, such as {@code "25"}; empty: any
 * @param requirements Maven coordinates or pip specifiers, in the order that the class path follows
 * @param repositories the caller's own repositories, asked after the operator's and before the
 *     default one
 * @param checksums SHA-256 in hexadecimal, for what the caller pins: by coordinate, or by the whole
 *     pip specifier
 */
public record EnvironmentDefinition(
        EnvironmentKind kind,
        String runtimeVersion,
        List<String> requirements,
        List<RepositoryDefinition> repositories,
        Map<String, String> checksums) {
    public EnvironmentDefinition {
        requirements = List.copyOf(requirements);
        repositories = List.copyOf(repositories);
        checksums = Map.copyOf(checksums);
    }

    /** Whether anything has to be built: Python needs something even where nothing is required. */
    public boolean needsBuild() {
        return kind == EnvironmentKind.PYTHON || !requirements.isEmpty();
    }

    /** Returns the hash of all components. The order of requirements and repositories counts. */
    public EnvironmentKey key() {
        return new KeyHash()
                .add(kind.name())
                .add(runtimeVersion)
                .add(requirements)
                .add(repositories.stream().map(RepositoryDefinition::id).toList())
                .add(repositories.stream().map(RepositoryDefinition::url).toList())
                .add(checksums)
                .key();
    }
}
