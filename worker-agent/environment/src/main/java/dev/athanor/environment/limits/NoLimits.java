package dev.athanor.environment.limits;

import dev.athanor.environment.machine.MachineType;
import java.util.List;

/**
 * Leaves the limits to the runtime itself: its heap and the processors that it sees.
 *
 * @param reason why nothing is enforced
 */
public record NoLimits(String reason) implements Limits {
    private static final Cell OPEN = new OpenRoom();

    @Override
    public Cell cell(MachineType machineType) {
        return OPEN;
    }

    @Override
    public boolean isComplete() {
        return false;
    }

    @Override
    public String description() {
        return "CPU, memory and processes are not enforced, only the JVM's heap and its processors"
                + " are sized to the machine type ("
                + reason
                + ")";
    }

    private static final class OpenRoom implements Cell {
        @Override
        public List<String> command(List<String> command) {
            return command;
        }

        @Override
        public void limitCpu() {
            // The runtime is told how many processors it has.
        }

        @Override
        public boolean ranOutOfMemory() {
            return false;
        }

        @Override
        public void kill() {
            // Its launcher kills what it knows of.
        }

        @Override
        public void remove() {
            // There is nothing.
        }
    }
}
