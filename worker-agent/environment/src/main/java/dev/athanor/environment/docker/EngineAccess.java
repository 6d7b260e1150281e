package dev.athanor.environment.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.HostConfig;
import dev.athanor.environment.limits.Cell;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The engine with what follows its containers and what ends them. Safe for use by any thread. */
final class EngineAccess implements AutoCloseable {
    /** Where the image of our own has its Java. */
    static final Path JAVA = Path.of("/opt/athanor/jre/bin/java");

    private final Engine engine;
    private final EngineWatch watch;
    private final Warden warden;
    private final Labels labels;
    private final String image;

    private EngineAccess(
            Engine engine, EngineWatch watch, Warden warden, Labels labels, String image) {
        this.engine = engine;
        this.watch = watch;
        this.warden = warden;
        this.labels = labels;
        this.image = image;
    }

    /** Begins to follow the engine, and removes what processes that are gone left in it. */
    static EngineAccess open(Engine engine, DockerOptions options) throws IOException {
        Labels labels = Labels.own(options.agent());
        EngineWatch watch = new EngineWatch(engine, labels.ofThisProcess());
        watch.start();
        engine.remove(labels.ofThisMachine(), Labels::isOrphan);
        return new EngineAccess(engine, watch, Warden.start(), labels, options.image());
    }

    String imageOf(SandboxSpec spec) {
        return spec.image().isEmpty() ? image : spec.image();
    }

    Map<String, String> labels(SandboxSpec spec) {
        return labels.of(spec);
    }

    /** What the image sets. */
    Map<String, String> variables(SandboxSpec spec) {
        String name = imageOf(spec);
        ContainerConfig config =
                engine.image(name).orElseThrow(() -> new NotFoundException("no image " + name));
        Map<String, String> variables = new HashMap<>(DockerStarter.PLAIN);
        String[] set = config.getEnv();
        if (set != null) {
            for (String each : set) {
                int end = each.indexOf('=');
                variables.put(end < 0 ? each : each.substring(0, end), each.substring(end + 1));
            }
        }
        return variables;
    }

    /** Makes a container and begins to follow it. */
    Container create(ContainerPlan plan, HostConfig config, ContainerPipes pipes)
            throws IOException {
        String id = engine.create(plan, config);
        Container container = new Container(engine, id, pipes.output(), pipes.errors());
        watch.follow(container);
        return container;
    }

    /**
     * Starts a container.
     *
     * @return its first process; empty where it cannot be seen from here
     */
    Optional<ProcessHandle> start(Container container) throws IOException {
        engine.start(container.id());
        Optional<ProcessHandle> process =
                engine.state(container.id())
                        .map(ContainerState::getPidLong)
                        .filter(pid -> pid > 0 && isIn(pid, container.id()))
                        .flatMap(ProcessHandle::of);
        container.isProcess(process);
        if (process.isPresent()) {
            warden.guard(process.get());
        }
        return process;
    }

    /** Where the engine counts processes in another namespace, that number is somebody else's. */
    private static boolean isIn(long pid, String id) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cgroup")).contains(id);
        } catch (IOException e) {
            return false;
        }
    }

    Cell cell(Container container, MachineType machineType) {
        return new ContainerCell(engine, watch, container, machineType);
    }

    /** Guards it no more, once it has ended. */
    void release(Container container) {
        container.process().ifPresent(warden::release);
    }

    /** Ends a container that nobody has use for. */
    void discard(Container container) {
        container.kill();
        release(container);
        watch.remove(container);
    }

    /**
     * Waits until the engine answers.
     *
     * @throws EngineAwayException if it does not within that time
     */
    void awaitEngine(Duration patience) throws InterruptedException {
        if (!watch.awaitConnection(patience)) {
            engine.version();
        }
    }

    boolean isAvailable() {
        return watch.isConnected();
    }

    @Override
    public void close() {
        watch.close();
        warden.close();
        try {
            engine.remove(labels.ofThisMachine(), labels::isOwn);
        } catch (EngineAwayException | DockerException e) {
            // The next start removes them.
            return;
        } finally {
            engine.close();
        }
    }
}
