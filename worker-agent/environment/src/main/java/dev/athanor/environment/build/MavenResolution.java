package dev.athanor.environment.build;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.aether.ConfigurationProperties;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession.CloseableSession;
import org.eclipse.aether.RepositorySystemSession.SessionBuilder;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.resolution.ResolutionErrorPolicy;
import org.eclipse.aether.supplier.SessionBuilderSupplier;
import org.eclipse.aether.util.repository.SimpleResolutionErrorPolicy;

/** Resolves the requirements of one definition into files of the local repository. */
final class MavenResolution {
    /** All that a POM may ask about the machine: the rest would leak into error messages. */
    private static final List<String> PROPERTIES =
            List.of(
                    "java.version",
                    "java.specification.version",
                    "os.name",
                    "os.arch",
                    "os.version",
                    "file.separator",
                    "path.separator",
                    "line.separator");

    private static final String RUNTIME = "runtime";

    /** How long to wait for another process that downloads the same file, in seconds. */
    private static final long LOCK_SECONDS = 300;

    private final RepositorySystem system;
    private final MavenOptions options;
    private final MavenSettings settings;
    private final ResolutionLog log;

    MavenResolution(
            RepositorySystem system,
            MavenOptions options,
            MavenSettings settings,
            ResolutionLog log) {
        this.system = system;
        this.options = options;
        this.settings = settings;
        this.log = log;
    }

    /** Returns the artifacts of the runtime class path, the required ones first. */
    List<Artifact> resolve(List<Coordinate> requirements, List<RepositoryDefinition> own)
            throws DependencyResolutionException {
        try (CloseableSession session = session()) {
            List<RemoteRepository> repositories =
                    new MavenRepositories(options, settings).effective(system, session, own);
            CollectRequest collect = new CollectRequest().setRepositories(repositories);
            for (Coordinate requirement : requirements) {
                log.line("Resolving " + requirement);
                collect.addDependency(new Dependency(artifact(requirement), RUNTIME));
            }
            return system
                    .resolveDependencies(session, new DependencyRequest(collect, null))
                    .getArtifactResults()
                    .stream()
                    .map(ArtifactResult::getArtifact)
                    .toList();
        }
    }

    private CloseableSession session() {
        Path local = options.localRepository().toAbsolutePath();
        SessionBuilder session =
                new SessionBuilderSupplier(system)
                        .get()
                        .withLocalRepositoryBaseDirectories(local)
                        .setSystemProperties(systemProperties())
                        .setOffline(settings.isOffline())
                        .setMirrorSelector(settings.mirrors())
                        .setProxySelector(settings.proxies())
                        .setAuthenticationSelector(settings.authentications())
                        .setTransferListener(log.transfers())
                        .setRepositoryListener(log.repositories())
                        // Repositories named by the POMs of dependencies are not asked: whoever
                        // publishes a jar does not decide which servers an agent talks to.
                        .setIgnoreArtifactDescriptorRepositories(true)
                        // The store remembers failures, for as long as is useful.
                        .setResolutionErrorPolicy(
                                new SimpleResolutionErrorPolicy(
                                        ResolutionErrorPolicy.CACHE_DISABLED));
        configure(session);
        return session.build();
    }

    private void configure(SessionBuilder session) {
        session.setConfigProperty(
                        ConfigurationProperties.CONNECT_TIMEOUT,
                        Math.toIntExact(options.connectTimeout().toMillis()))
                .setConfigProperty(
                        ConfigurationProperties.REQUEST_TIMEOUT,
                        Math.toIntExact(options.requestTimeout().toMillis()))
                .setConfigProperty("aether.syncContext.named.factory", "file-lock")
                .setConfigProperty("aether.syncContext.named.nameMapper", "file-gaecv")
                .setConfigProperty("aether.syncContext.named.time", LOCK_SECONDS)
                // Each repository has a folder of its own, named by id and URL: what one serves
                // never stands in for what another would.
                .setConfigProperty("aether.lrm.enhanced.split", true)
                .setConfigProperty("aether.lrm.enhanced.splitRemoteRepository", true)
                .setConfigProperty(
                        ConfigurationProperties.REPOSITORY_SYSTEM_REPOSITORY_KEY_FUNCTION,
                        "nid_hurl")
                // One request less of each repository, and one less to hang on.
                .setConfigProperty("aether.remoteRepositoryFilter.prefixes", false);
        settings.headers()
                .forEach((server, headers) ->
                        session.setConfigProperty(
                                ConfigurationProperties.HTTP_HEADERS + "." + server, headers));
    }

    private static Map<String, String> systemProperties() {
        Map<String, String> properties = new TreeMap<>();
        PROPERTIES.forEach(name -> properties.put(name, System.getProperty(name, "")));
        return properties;
    }

    private static Artifact artifact(Coordinate coordinate) {
        return new DefaultArtifact(
                coordinate.group(),
                coordinate.artifact(),
                coordinate.classifier(),
                coordinate.extension(),
                coordinate.version());
    }
}
