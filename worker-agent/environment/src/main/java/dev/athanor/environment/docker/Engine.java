package dev.athanor.environment.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.athanor.environment.limits.Allowance;
import dev.athanor.environment.machine.MachineType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A Docker engine. Its methods throw {@link EngineAwayException} where it does not answer, and
 * {@link DockerException} where it refuses. Safe for use by any thread.
 */
final class Engine implements AutoCloseable {
    /** Starts take a second and more where many are made at once. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final int MOST_CONNECTIONS = 256;

    private final DockerClient client;

    /** Without a limit of time: events come when they come. */
    private final DockerClient listening;

    private final String host;

    Engine(String host) {
        this.host = host;
        DockerClientConfig config =
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(host)
                        .withDockerTlsVerify(false)
                        .build();
        client = client(config, PATIENCE);
        listening = client(config, Duration.ZERO);
    }

    private static DockerClient client(DockerClientConfig config, Duration patience) {
        ZerodepDockerHttpClient.Builder http =
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .connectionTimeout(CONNECTING)
                        .maxConnections(MOST_CONNECTIONS);
        if (!patience.isZero()) {
            http.responseTimeout(patience);
        }
        return DockerClientImpl.getInstance(config, http.build());
    }

    @FunctionalInterface
    private interface Request<T> {
        T send();
    }

    /** The client wraps what goes wrong below HTTP in exceptions of no type of their own. */
    private <T> T ask(Request<T> request) {
        try {
            return request.send();
        } catch (DockerException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new EngineAwayException(host, e);
        }
    }

    /** Returns its version, for people. */
    String version() {
        return ask(() -> client.versionCmd().exec().getVersion());
    }

    /** What an image says of itself; empty: it is not there. */
    Optional<ContainerConfig> image(String name) {
        try {
            InspectImageResponse image = ask(() -> client.inspectImageCmd(name).exec());
            return Optional.ofNullable(image.getConfig());
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /** Makes a container; returns its id. */
    String create(ContainerPlan plan, HostConfig config) {
        return ask(() ->
                client.createContainerCmd(plan.image())
                        .withHostName(plan.hostName())
                        .withUser(plan.user())
                        .withWorkingDir(plan.workingDirectory())
                        .withLabels(plan.labels())
                        .withEnv(plan.environment())
                        .withEntrypoint(plan.command())
                        .withCmd(List.of())
                        .withHostConfig(config)
                        .exec()
                        .getId());
    }

    void start(String id) {
        ask(() -> client.startContainerCmd(id).exec());
    }

    /** How a container is; empty: it is not there. */
    Optional<ContainerState> state(String id) {
        try {
            return Optional.of(ask(() -> client.inspectContainerCmd(id).exec().getState()));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    void limitCpu(String id, MachineType type) {
        Allowance allowance = Allowance.of(type);
        ask(() ->
                client.updateContainerCmd(id)
                        .withCpuPeriod(allowance.periodMicros())
                        .withCpuQuota(allowance.quotaMicros())
                        .exec());
    }

    /** Kills all that runs in a container, if anything does. */
    void kill(String id) {
        try {
            ask(() -> client.killContainerCmd(id).exec());
        } catch (NotFoundException | ConflictException e) {
            // It has ended by itself.
            return;
        }
    }

    /** Removes a container, with what runs in it. */
    void remove(String id) {
        try {
            ask(() -> client.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec());
        } catch (NotFoundException | ConflictException e) {
            // It is gone, or somebody else removes it now.
            return;
        }
    }

    /**
     * Removes containers.
     *
     * @param labels that they all have
     * @param chosen tells by all of a container's labels whether it is meant
     * @return how many there were
     */
    int remove(Map<String, String> labels, Predicate<Map<String, String>> chosen) {
        List<String> found =
                ask(() ->
                                client.listContainersCmd()
                                        .withShowAll(true)
                                        .withLabelFilter(labels)
                                        .exec())
                        .stream()
                        .filter(container -> chosen.test(container.getLabels()))
                        .map(container -> container.getId())
                        .toList();
        found.forEach(this::remove);
        return found.size();
    }

    /**
     * Follows what happens to containers, until the engine goes away or the callback is closed.
     *
     * @param label that they have
     * @param callback takes ends and kills for lack of memory
     */
    void listen(String label, ResultCallback<Event> callback) {
        ask(() ->
                listening
                        .eventsCmd()
                        .withEventTypeFilter("container")
                        .withLabelFilter(label)
                        .withEventFilter("die", "oom")
                        .exec(callback));
    }

    @Override
    public void close() {
        try {
            client.close();
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException("connections to " + host + " cannot be closed", e);
        }
    }
}
