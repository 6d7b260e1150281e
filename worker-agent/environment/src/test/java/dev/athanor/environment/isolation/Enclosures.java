package dev.athanor.environment.isolation;

import dev.athanor.environment.data.NamedData;
import dev.athanor.environment.limits.NoLimits;
import dev.athanor.environment.sandbox.Enclosure;
import dev.athanor.environment.sandbox.FolderTree;
import dev.athanor.environment.sandbox.ProcessLauncher;
import dev.athanor.environment.sandbox.SandboxLauncher;
import dev.athanor.environment.sandbox.SocketFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The isolations that the tests of sandboxes run with. */
public final class Enclosures {
    /** Set where a test that is left out is a failure. */
    private static final String REQUIRED = "ATHANOR_TESTS_REQUIRED";

    private static final Optional<String> MISSING = missing();

    private Enclosures() {}

    /** Those that work here; on a machine that is to have all of them, all. */
    public static Stream<Isolation> here() {
        return MISSING.isPresent() && System.getenv(REQUIRED) == null
                ? Stream.of(Isolation.PROCESS)
                : Stream.of(Isolation.PROCESS, Isolation.BUBBLEWRAP);
    }

    /** Those of them that keep hostile code from the machine. */
    public static Stream<Isolation> hardened() {
        return here().filter(isolation -> isolation != Isolation.PROCESS);
    }

    /** An enclosure by bubblewrap. */
    public static Enclosure bubblewrap(NetworkPolicy policy) throws IOException {
        return Bubblewrap.open(Tools.of(System.getenv("PATH")), policy);
    }

    private static Optional<String> missing() {
        Path work = null;
        Path sockets = null;
        try {
            work = Files.createTempDirectory("athanor-probe-");
            sockets = SocketFolder.create();
            IsolationChoice.make(Isolation.BUBBLEWRAP, parts(work, sockets), NetworkPolicy.open())
                    .close();
            return Optional.empty();
        } catch (IsolationException e) {
            System.err.println(
                    "LEFT OUT: every test of sandboxes in bubblewrap. "
                            + e.getMessage()
                            + ". To run them: apt-get install bubblewrap slirp4netns iproute2. "
                            + REQUIRED
                            + "=1 makes that a failure.");
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            if (work != null) {
                FolderTree.delete(work);
            }
            if (sockets != null) {
                FolderTree.delete(sockets);
            }
        }
    }

    /** What the launcher of this JVM's own runtime needs. */
    public static LauncherParts parts(Path work, Path sockets) {
        return new LauncherParts(
                ProcessLauncher.ownJava(),
                ProcessLauncher.ownRuntime(),
                sockets,
                work,
                ProcessLauncher.DEFAULT_PAYLOAD_BYTES,
                new NoLimits("a test"));
    }

    /** A launcher that was chosen and tried, for data that is found by its name. */
    public static SandboxLauncher launcher(Isolation isolation, Path work, Path sockets)
            throws InterruptedException {
        return IsolationChoice.make(isolation, parts(work, sockets), NetworkPolicy.open())
                .launcher(new NamedData("a test"));
    }
}
