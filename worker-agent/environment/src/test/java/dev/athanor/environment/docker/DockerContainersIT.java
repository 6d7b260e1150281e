package dev.athanor.environment.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.model.HostConfig;
import dev.athanor.environment.isolation.Containers;
import dev.athanor.environment.isolation.Enclosures;
import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.isolation.IsolationException;
import dev.athanor.environment.isolation.LauncherParts;
import dev.athanor.environment.isolation.NetworkPolicy;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.FolderTree;
import dev.athanor.environment.sandbox.Sandbox;
import dev.athanor.environment.sandbox.SandboxSpec;
import dev.athanor.environment.sandbox.SocketFolder;
import dev.athanor.environment.sandbox.StartFailedException;
import dev.athanor.environment.testing.Calls;
import dev.athanor.environment.testing.Functions;
import dev.athanor.environment.testing.Launchers;
import dev.athanor.environment.testing.RecordedLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What containers need beyond what every sandbox does, with an engine that can go away. */
class DockerContainersIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final DockerOptions direct = DockerOptions.of(System.getenv(), "tested-agent");
    private Path work;
    private Path sockets;
    private Path data;
    private EngineProxy proxy;
    private Containers.Opened opened;
    private Engine engine;

    @BeforeEach
    void open() throws Exception {
        assumeThat(Enclosures.here()).contains(Isolation.DOCKER);
        work = Files.createTempDirectory("athanor-work-");
        data = Files.createTempDirectory("athanor-data-");
        sockets = SocketFolder.create();
        engine = new Engine(direct.host());
        proxy = new EngineProxy(sockets.resolve("engine"), direct.host());
        opened = open(new DockerOptions(proxy.host(), direct.image(), direct.agent()));
    }

    private Containers.Opened open(DockerOptions options) throws Exception {
        LauncherParts parts = Enclosures.parts(work, sockets);
        return new DockerContainers(options).open(parts, new NetworkPolicy(false, List.of()));
    }

    @AfterEach
    void close() throws Exception {
        if (opened != null) {
            opened.launcher().close();
            engine.close();
            proxy.close();
            FolderTree.delete(work);
            FolderTree.delete(data);
            FolderTree.delete(sockets);
        }
    }

    private SandboxSpec spec() {
        return Launchers.specWithData(data);
    }

    private static Object value(Sandbox sandbox) throws Exception {
        CallResult result = sandbox.invoke(Calls.of(Functions.hello()), new RecordedLines()).get();
        assertThat(result).isInstanceOf(CallResult.Succeeded.class);
        return Calls.read(((CallResult.Succeeded) result).bytes());
    }

    @Test
    void aContainerSaysWhoseItIsAndIsGoneAfterwards() throws Exception {
        Map<String, String> labels = Map.of("dev.athanor.agent", direct.agent());
        Map<String, String> found = new HashMap<>();

        try (Sandbox sandbox =
                opened.launcher().launch(spec().ownedBy(new SandboxSpec.Owner("acme", "e5f6")))) {
            assertThat(value(sandbox)).isEqualTo("Hello World");
            engine.remove(
                    labels,
                    each -> {
                        found.putAll(each);
                        return false;
                    });
        }

        assertThat(found)
                .containsEntry("dev.athanor.tenant", "acme")
                .containsEntry("dev.athanor.environment", "e5f6")
                .containsKey("dev.athanor.process");
        assertThat(engine.remove(labels, each -> true)).isZero();
    }

    @Test
    void containersOfAProcessThatIsGoneAreRemovedAndThoseOfOthersAreNot() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Map<String, String> own = Labels.own("another-agent").of(spec());
        Map<String, String> orphaned = new HashMap<>(own);
        orphaned.put("dev.athanor.process", gone.pid() + "/1");
        String orphan = create(orphaned);
        String living = create(own);
        try {
            open(direct).launcher().close();

            assertThat(engine.state(orphan)).isEmpty();
            assertThat(engine.state(living)).isPresent();
        } finally {
            engine.remove(living);
            engine.remove(orphan);
        }
    }

    private String create(Map<String, String> labels) {
        return engine.create(
                new ContainerPlan(
                        direct.image(),
                        "sandbox",
                        "10001:10001",
                        "/tmp",
                        labels,
                        List.of(),
                        List.of("/bin/true")),
                HostConfig.newHostConfig().withNetworkMode("none"));
    }

    @Test
    void callsGoOnWhileTheEngineIsAway() throws Exception {
        try (Sandbox sandbox = opened.launcher().launch(spec())) {
            proxy.goAway();
            await().atMost(PATIENCE).until(() -> !opened.isAvailable().getAsBoolean());

            assertThat(value(sandbox)).isEqualTo("Hello World");

            proxy.comeBack();
            await().atMost(PATIENCE).until(opened.isAvailable()::getAsBoolean);
            assertThat(value(sandbox)).isEqualTo("Hello World");
        }
    }

    @Test
    void aStartWaitsForTheEngineToComeBack() throws Exception {
        proxy.goAway();
        await().atMost(PATIENCE).until(() -> !opened.isAvailable().getAsBoolean());
        CompletableFuture<Sandbox> starting = CompletableFuture.supplyAsync(this::launch);
        assertThat(starting).isNotDone();

        proxy.comeBack();

        try (Sandbox sandbox = starting.get()) {
            assertThat(value(sandbox)).isEqualTo("Hello World");
        }
    }

    private Sandbox launch() {
        try {
            return opened.launcher().launch(spec());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aStartFailsInTimeWhereTheEngineStaysAway() throws Exception {
        proxy.goAway();
        SandboxSpec spec = spec();
        SandboxSpec hasty =
                new SandboxSpec(
                        spec.key(),
                        spec.machineType(),
                        spec.classPath(),
                        spec.dataFolder(),
                        Duration.ofSeconds(1));

        assertThatExceptionOfType(StartFailedException.class)
                .isThrownBy(() -> opened.launcher().launch(hasty))
                .withMessageContaining("does not answer")
                .matches(StartFailedException::isTimeout);
    }

    @Test
    void whatEndsWithItsEngineIsLostAndMayBeTriedAgain() throws Exception {
        try (Sandbox sandbox = opened.launcher().launch(spec())) {
            CompletableFuture<CallResult> running =
                    sandbox.invoke(Calls.of(Functions.waiting()), new RecordedLines());
            proxy.goAway();
            await().atMost(PATIENCE).until(() -> !opened.isAvailable().getAsBoolean());

            Launchers.processes(Isolation.DOCKER, ProcessHandle.current(), data, "java")
                    .forEach(ProcessHandle::destroyForcibly);

            CallResult.Died died = (CallResult.Died) running.get();
            assertThat(died.exit().isLost()).isTrue();
            assertThat(died.message()).contains("lost with the engine");
            proxy.comeBack();
        }
    }

    @Test
    void anImageThatIsNotThereIsNamed() {
        assertThatExceptionOfType(StartFailedException.class)
                .isThrownBy(() -> opened.launcher().launch(spec().withImage("nowhere/none:1")))
                .withMessageContaining("there is no image nowhere/none:1");
        assertThatExceptionOfType(IsolationException.class)
                .isThrownBy(() -> open(new DockerOptions(direct.host(), "nowhere/none:1", "x")))
                .withMessageContaining("deploy/images/build");
    }

    @Test
    void anEngineThatIsNotThereIsRefusedWithWhatToDo() {
        assertThatExceptionOfType(IsolationException.class)
                .isThrownBy(() -> open(new DockerOptions("unix:///nowhere/docker.sock", "x", "x")))
                .withMessageContaining("unix:///nowhere/docker.sock")
                .withMessageContaining("deploy/images/engine start");
        assertThatExceptionOfType(IsolationException.class)
                .isThrownBy(() -> open(new DockerOptions("tcp://10.0.0.1:2375", "x", "x")))
                .withMessageContaining("one of this machine");
    }
}
