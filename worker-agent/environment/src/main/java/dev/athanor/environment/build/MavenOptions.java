package dev.athanor.environment.build;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How requirements are resolved.
 *
 * @param localRepository folder for downloads, made where it is missing; may be shared by
 *     processes, but not with Maven itself
 * @param settings Maven's settings, the operator's
 * @param repositories the operator's repositories beyond those of the settings; {@code http} and
 *     {@code file} are allowed in both
 * @param trust what repositories may do that come with a definition
 * @param connectTimeout limit of connecting to a repository, from 1 ms; default 30 s
 * @param requestTimeout limit of waiting for a repository's next byte, from 1 ms; default 30 s
 */
public record MavenOptions(
        Path localRepository,
        SettingsFiles settings,
        List<RepositoryDefinition> repositories,
        RepositoryTrust trust,
        Duration connectTimeout,
        Duration requestTimeout) {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    public MavenOptions {
        repositories = List.copyOf(repositories);
        check("connectTimeout", connectTimeout);
        check("requestTimeout", requestTimeout);
    }

    /** Returns the defaults: the user's settings, and definitions that are not trusted. */
    public static MavenOptions in(Path localRepository) {
        return new MavenOptions(
                localRepository,
                SettingsFiles.ofUser(),
                List.of(),
                RepositoryTrust.LIMITED,
                DEFAULT_TIMEOUT,
                DEFAULT_TIMEOUT);
    }

    /** Returns the same with other settings. */
    public MavenOptions withSettings(SettingsFiles other) {
        return new MavenOptions(
                localRepository, other, repositories, trust, connectTimeout, requestTimeout);
    }

    /** Returns the same with other repositories of the operator's. */
    public MavenOptions withRepositories(List<RepositoryDefinition> others) {
        return new MavenOptions(
                localRepository, settings, others, trust, connectTimeout, requestTimeout);
    }

    /** Returns the same with other rights of a definition's repositories. */
    public MavenOptions withTrust(RepositoryTrust other) {
        return new MavenOptions(
                localRepository, settings, repositories, other, connectTimeout, requestTimeout);
    }

    /** Returns the same with other limits of connecting and of waiting for a byte. */
    public MavenOptions withTimeouts(Duration connect, Duration request) {
        return new MavenOptions(localRepository, settings, repositories, trust, connect, request);
    }

    private static void check(String name, Duration timeout) {
        if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " " + timeout + " is not between 1 ms and " + LONGEST);
        }
    }
}
