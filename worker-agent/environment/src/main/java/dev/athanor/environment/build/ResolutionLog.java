package dev.athanor.environment.build;

import org.eclipse.aether.AbstractRepositoryListener;
import org.eclipse.aether.RepositoryEvent;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferCancelledException;
import org.eclipse.aether.transfer.TransferEvent;

/**
 * Tells the build log what the resolver does, and stops its transfers once nobody waits any more.
 * Called from the resolver's threads.
 */
final class ResolutionLog {
    private static final String POM = "pom";
    private static final long KILO = 1000;

    private final BuildLog log;
    private final Redaction redaction;
    private volatile boolean cancelled;

    ResolutionLog(BuildLog log, Redaction redaction) {
        this.log = log;
        this.redaction = redaction;
    }

    void line(String text) {
        log.line(redaction.line(text));
    }

    /** Makes every transfer fail at its next byte. */
    void cancel() {
        cancelled = true;
    }

    AbstractTransferListener transfers() {
        return new AbstractTransferListener() {
            @Override
            public void transferInitiated(TransferEvent event) throws TransferCancelledException {
                stopIfCancelled();
            }

            @Override
            public void transferStarted(TransferEvent event) throws TransferCancelledException {
                stopIfCancelled();
            }

            @Override
            public void transferProgressed(TransferEvent event) throws TransferCancelledException {
                stopIfCancelled();
            }

            @Override
            public void transferCorrupted(TransferEvent event) throws TransferCancelledException {
                line("Warning: " + event.getException().getMessage());
                stopIfCancelled();
            }

            @Override
            public void transferSucceeded(TransferEvent event) {
                if (event.getResource().getResource() instanceof Artifact artifact
                        && !artifact.getExtension().equals(POM)) {
                    line("Downloaded " + of(artifact) + size(event.getTransferredBytes()));
                }
            }
        };
    }

    AbstractRepositoryListener repositories() {
        return new AbstractRepositoryListener() {
            @Override
            public void artifactDescriptorMissing(RepositoryEvent event) {
                warnOfDescriptor(event, "has no POM");
            }

            @Override
            public void artifactDescriptorInvalid(RepositoryEvent event) {
                warnOfDescriptor(event, "has an invalid POM");
            }
        };
    }

    static Coordinate of(Artifact artifact) {
        return new Coordinate(
                artifact.getGroupId(),
                artifact.getArtifactId(),
                artifact.getExtension(),
                artifact.getClassifier(),
                artifact.getVersion());
    }

    private void warnOfDescriptor(RepositoryEvent event, String flaw) {
        Artifact artifact = event.getArtifact();
        line("Warning: " + artifact + " " + flaw + ", so what it depends on is not known");
    }

    private void stopIfCancelled() throws TransferCancelledException {
        if (cancelled) {
            throw new TransferCancelledException("nobody waits for it any more");
        }
    }

    private static String size(long bytes) {
        if (bytes < KILO) {
            return " (" + bytes + " B)";
        }
        return bytes < KILO * KILO
                ? " (" + bytes / KILO + " kB)"
                : " (" + bytes / (KILO * KILO) + " MB)";
    }
}
