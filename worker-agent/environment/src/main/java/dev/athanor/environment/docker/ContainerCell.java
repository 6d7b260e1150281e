package dev.athanor.environment.docker;

import com.github.dockerjava.api.exception.DockerException;
import dev.athanor.environment.limits.Cell;
import dev.athanor.environment.machine.MachineType;
import java.io.IOException;
import java.util.List;

/** What a container is to its sandbox: its limits, which the engine sets. */
final class ContainerCell implements Cell {
    private final Engine engine;
    private final EngineWatch watch;
    private final Container container;
    private final MachineType machineType;

    ContainerCell(Engine engine, EngineWatch watch, Container container, MachineType machineType) {
        this.engine = engine;
        this.watch = watch;
        this.container = container;
        this.machineType = machineType;
    }

    @Override
    public List<String> command(List<String> command) {
        return command;
    }

    @Override
    public void limitCpu() throws IOException {
        try {
            engine.limitCpu(container.id(), machineType);
        } catch (EngineAwayException | DockerException e) {
            throw new IOException("its CPU cannot be limited: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean ranOutOfMemory() {
        return container.hasRunOutOfMemory() || watch.hasRunOutOfMemory(container);
    }

    @Override
    public void kill() {
        container.kill();
    }

    @Override
    public void remove() {
        watch.remove(container);
    }
}
