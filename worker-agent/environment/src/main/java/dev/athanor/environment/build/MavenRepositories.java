package dev.athanor.environment.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.maven.model.building.DefaultModelProcessor;
import org.apache.maven.model.io.DefaultModelReader;
import org.apache.maven.model.locator.DefaultModelLocator;
import org.apache.maven.model.superpom.DefaultSuperPomProvider;
import org.apache.maven.settings.Repository;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Decides which repositories a definition is resolved from: the operator's (active profiles of the
 * settings, then options), the definition's own, then the default one of Maven's super POM. Of
 * several with one id the first counts. Mirrors, proxies and credentials come on top.
 */
final class MavenRepositories {
    private static final String LAYOUT = "default";
    private static final String MODEL_VERSION = "4.0.0";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/\\S+");
    private static final Pattern CREDENTIALS = Pattern.compile("[^/]*//[^/]*@.*");

    private final MavenOptions options;
    private final MavenSettings settings;

    MavenRepositories(MavenOptions options, MavenSettings settings) {
        this.options = options;
        this.settings = settings;
    }

    /** Refuses what cannot be a repository, before any of the network is used. */
    static void check(List<RepositoryDefinition> repositories) {
        for (RepositoryDefinition repository : repositories) {
            if (!ID.matcher(repository.id()).matches()) {
                throw new BuildFailedException(
                        "repository id \""
                                + Redaction.ofUrls(repository.id())
                                + "\" is not made of letters, digits, \".\", \"_\" and \"-\"");
            }
            if (CREDENTIALS.matcher(repository.url()).matches()) {
                throw new BuildFailedException(
                        "the URL of repository "
                                + repository
                                + " holds credentials: put them into settings.xml where it is"
                                + " resolved, under servers");
            }
            if (!URL.matcher(repository.url()).matches()) {
                throw new BuildFailedException(
                        "the URL of repository "
                                + repository
                                + " is not absolute: write one such as https://host/path");
            }
        }
    }

    /** Returns them with mirrors, proxies and credentials applied. */
    List<RemoteRepository> effective(
            RepositorySystem system,
            RepositorySystemSession session,
            List<RepositoryDefinition> own) {
        Map<String, RemoteRepository> operators = operators();
        Map<String, RemoteRepository> wanted = new LinkedHashMap<>(operators);
        defaults().forEach(repository -> operators.putIfAbsent(repository.getId(), repository));
        own.forEach(repository -> add(wanted, operators, repository));
        defaults().forEach(repository -> wanted.putIfAbsent(repository.getId(), repository));
        List<RemoteRepository> effective = new ArrayList<>();
        for (RemoteRepository repository :
                system.newResolutionRepositories(session, List.copyOf(wanted.values()))) {
            boolean isOperators =
                    operators.containsKey(repository.getId())
                            || !repository.getMirroredRepositories().isEmpty();
            effective.add(isOperators ? repository : limited(repository));
        }
        return effective;
    }

    private Map<String, RemoteRepository> operators() {
        Map<String, RemoteRepository> repositories = new LinkedHashMap<>();
        settings.activeProfiles().stream()
                .flatMap(profile -> profile.getRepositories().stream())
                .map(MavenRepositories::remote)
                .forEach(repository -> repositories.putIfAbsent(repository.getId(), repository));
        options.repositories().stream()
                .map(MavenRepositories::remote)
                .forEach(repository -> repositories.putIfAbsent(repository.getId(), repository));
        return repositories;
    }

    private void add(
            Map<String, RemoteRepository> wanted,
            Map<String, RemoteRepository> operators,
            RepositoryDefinition own) {
        RemoteRepository known = operators.get(own.id());
        if (known != null
                && !known.getUrl().equals(own.url())
                && options.trust() == RepositoryTrust.LIMITED) {
            throw new BuildFailedException(
                    "repository id \""
                            + own.id()
                            + "\" stands for another URL where this is resolved: choose another"
                            + " id");
        }
        wanted.putIfAbsent(own.id(), remote(own));
    }

    private RemoteRepository limited(RemoteRepository repository) {
        if (options.trust() == RepositoryTrust.FULL) {
            return repository;
        }
        if (!"https".equalsIgnoreCase(repository.getProtocol())) {
            throw new BuildFailedException(
                    "repository "
                            + repository.getId()
                            + " ("
                            + repository.getUrl()
                            + ") is not https: use https, or have the operator add it to the"
                            + " agent's settings.xml");
        }
        return new RemoteRepository.Builder(repository).setAuthentication(null).build();
    }

    /** The super POM's, with wrong checksums refused, as they are always given there. */
    private static List<RemoteRepository> defaults() {
        DefaultModelProcessor processor =
                new DefaultModelProcessor()
                        .setModelLocator(new DefaultModelLocator())
                        .setModelReader(new DefaultModelReader());
        return new DefaultSuperPomProvider()
                        .setModelProcessor(processor)
                        .getSuperModel(MODEL_VERSION)
                        .getRepositories()
                        .stream()
                        .map(repository ->
                                new RemoteRepository.Builder(
                                                repository.getId(), LAYOUT, repository.getUrl())
                                        .setReleasePolicy(
                                                policy(true, RepositoryPolicy.CHECKSUM_POLICY_FAIL))
                                        .setSnapshotPolicy(policy(false, null))
                                        .build())
                        .toList();
    }

    private static RemoteRepository remote(RepositoryDefinition repository) {
        return new RemoteRepository.Builder(repository.id(), LAYOUT, repository.url()).build();
    }

    private static RemoteRepository remote(Repository repository) {
        return new RemoteRepository.Builder(
                        repository.getId(), repository.getLayout(), repository.getUrl())
                .setReleasePolicy(policy(repository.getReleases()))
                .setSnapshotPolicy(policy(repository.getSnapshots()))
                .build();
    }

    private static RepositoryPolicy policy(
            org.apache.maven.settings.@Nullable RepositoryPolicy policy) {
        return policy == null
                ? new RepositoryPolicy()
                : policy(policy.isEnabled(), policy.getChecksumPolicy());
    }

    /** Each environment is built once, so what a repository offers now is always asked for. */
    private static RepositoryPolicy policy(boolean enabled, @Nullable String checksumPolicy) {
        return new RepositoryPolicy(
                enabled,
                RepositoryPolicy.UPDATE_POLICY_ALWAYS,
                checksumPolicy == null ? RepositoryPolicy.CHECKSUM_POLICY_WARN : checksumPolicy);
    }
}
