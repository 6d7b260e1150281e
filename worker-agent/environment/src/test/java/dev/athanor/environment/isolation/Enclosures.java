package dev.athanor.environment.isolation;

import dev.athanor.environment.data.NamedData;
import dev.athanor.environment.docker.DockerContainers;
import dev.athanor.environment.docker.DockerOptions;
import dev.athanor.environment.limits.NoLimits;
import dev.athanor.environment.sandbox.Enclosure;
import dev.athanor.environment.sandbox.FolderTree;
import dev.athanor.environment.sandbox.ProcessLauncher;
import dev.athanor.environment.sandbox.SandboxLauncher;
import dev.athanor.environment.sandbox.SocketFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The isolations that the tests of sandboxes run with. */
public final class Enclosures {
    /** Set where a test that is left out is a failure. */
    private static final String REQUIRED = "ATHANOR_TESTS_REQUIRED";

    private static final Map<Isolation, String> REMEDIES =
            new EnumMap<>(
                    Map.of(
                            Isolation.BUBBLEWRAP,
                            "apt-get install bubblewrap slirp4netns iproute2",
                            Isolation.DOCKER,
                            "export DOCKER_HOST=$(deploy/images/engine start); deploy/images/build"));

    private static final List<Isolation> HERE = find();

    private Enclosures() {}

    /** Those that work here; on a machine that is to have all of them, all. */
    public static Stream<Isolation> here() {
        return HERE.stream();
    }

    /** Those of them that keep hostile code from the machine. */
    public static Stream<Isolation> hardened() {
        return here().filter(isolation -> isolation != Isolation.PROCESS);
    }

    /** An enclosure by bubblewrap. */
    public static Enclosure bubblewrap(NetworkPolicy policy) throws IOException {
        return Bubblewrap.open(Tools.ofThisMachine(), policy);
    }

    /** A launcher of containers. */
    public static SandboxLauncher docker(LauncherParts parts, NetworkPolicy policy)
            throws IOException {
        return containers().open(parts, policy).launcher();
    }

    /** Containers of the engine that the environment names. */
    public static Containers containers() {
        return new DockerContainers(DockerOptions.of(System.getenv(), "tests"));
    }

    private static List<Isolation> find() {
        List<Isolation> found = new ArrayList<>(List.of(Isolation.PROCESS));
        REMEDIES.forEach((isolation, remedy) -> {
            if (System.getenv(REQUIRED) != null || works(isolation, remedy)) {
                found.add(isolation);
            }
        });
        return found;
    }

    private static boolean works(Isolation isolation, String remedy) {
        Path work = null;
        Path sockets = null;
        try {
            work = Files.createTempDirectory("athanor-probe-");
            sockets = SocketFolder.create();
            IsolationChoice.make(
                            isolation, parts(work, sockets), NetworkPolicy.open(), containers())
                    .close();
            return true;
        } catch (IsolationException e) {
            System.err.printf(
                    "LEFT OUT: every test of sandboxes in %s. %s. To run them: %s. %s=1 makes that a"
                            + " failure.%n",
                    isolation, e.getMessage(), remedy, REQUIRED);
            return false;
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
        return IsolationChoice.make(
                        isolation, parts(work, sockets), NetworkPolicy.open(), containers())
                .launcher(new NamedData("a test"));
    }
}
