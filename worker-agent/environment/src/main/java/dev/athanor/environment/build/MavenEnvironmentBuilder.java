package dev.athanor.environment.build;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.eclipse.aether.MultiRuntimeException;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds JVM environments with Maven Resolver: the requirements and what they need at run time, as
 * Maven would choose it, from the repositories that Maven's settings lead to. Conflicting versions
 * of one artifact are mediated as in Maven (nearest, then first); repositories that POMs of
 * dependencies name are not asked. A dependency whose POM is missing or invalid is used without its
 * own dependencies, with a warning in the log.
 *
 * <p>Processes may share a local repository: its files are locked while they are written.
 */
public final class MavenEnvironmentBuilder implements EnvironmentBuilder, AutoCloseable {
    private static final int DEEPEST_REASON = 8;

    private final MavenOptions options;
    private final RepositorySystem system = new RepositorySystemSupplier().get();

    /** Makes a builder; neither folder nor network is touched before the first build. */
    public MavenEnvironmentBuilder(MavenOptions options) {
        this.options = options;
    }

    @Override
    public List<Path> build(EnvironmentDefinition definition, Path folder, BuildLog log)
            throws InterruptedException {
        if (definition.kind() != EnvironmentKind.JVM) {
            throw new BuildFailedException(
                    definition.kind() + " environments cannot be built from Maven coordinates");
        }
        List<Coordinate> requirements = requirements(definition);
        PinnedChecksums checksums = new PinnedChecksums(definition.checksums());
        MavenRepositories.check(definition.repositories());
        MavenSettings settings = MavenSettings.read(options.settings());
        Redaction redaction = settings.redaction();
        ResolutionLog resolutionLog = new ResolutionLog(log, redaction);
        settings.problems().forEach(problem -> resolutionLog.line("Warning: " + problem));
        MavenResolution resolution = new MavenResolution(system, options, settings, resolutionLog);
        FutureTask<List<Artifact>> resolving =
                new FutureTask<>(() -> resolution.resolve(requirements, definition.repositories()));
        try {
            return ClassPathFolder.fill(folder, run(resolving, redaction), checksums);
        } catch (IOException e) {
            throw new BuildFailedException("cannot write the environment's files: " + e, e);
        } finally {
            resolutionLog.cancel();
        }
    }

    /** Releases what the resolver holds. Builds under way are to be stopped before. */
    @Override
    @SuppressWarnings("EmptyCatch")
    public void close() {
        try {
            system.shutdown();
        } catch (MultiRuntimeException e) {
            // A resolution that an interrupted build left behind has its session still open; it
            // closes it when it ends.
        }
    }

    /**
     * Runs the resolver on a thread of its own. It does not react to interrupts while it waits for
     * a repository, so an interrupted build leaves it behind: it writes to nothing but the local
     * repository, and ends with its transfer's next byte or its request timeout.
     */
    private static List<Artifact> run(FutureTask<List<Artifact>> resolving, Redaction redaction)
            throws InterruptedException {
        Thread thread = new Thread(resolving, Thread.currentThread().getName() + "-resolver");
        thread.setDaemon(true);
        thread.start();
        try {
            return resolving.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof BuildFailedException refused) {
                throw new BuildFailedException(
                        redaction.line(String.valueOf(refused.getMessage())));
            }
            // Without the cause, which quotes URLs as they are configured.
            throw new BuildFailedException(redaction.line(message(cause)));
        }
    }

    /** Joins what the resolver says to what it gives as reason, which it does not always quote. */
    private static String message(@Nullable Throwable failure) {
        StringBuilder message = new StringBuilder();
        Throwable reason = failure;
        for (int depth = 0; reason != null && depth < DEEPEST_REASON; depth++) {
            String text = reason.getMessage() == null ? reason.toString() : reason.getMessage();
            if (message.indexOf(text) < 0) {
                message.append(message.isEmpty() ? "" : ": ").append(text);
            }
            reason = reason.getCause();
        }
        return message.toString();
    }

    private static List<Coordinate> requirements(EnvironmentDefinition definition) {
        List<Coordinate> requirements = new ArrayList<>();
        for (String text : definition.requirements()) {
            Coordinate requirement = Coordinate.parse(text);
            for (Coordinate former : requirements) {
                if (former.differsInVersionOnly(requirement)) {
                    throw new BuildFailedException(
                            "requirements "
                                    + former
                                    + " and "
                                    + requirement
                                    + " differ in their version only: keep one");
                }
            }
            requirements.add(requirement);
        }
        return requirements;
    }
}
