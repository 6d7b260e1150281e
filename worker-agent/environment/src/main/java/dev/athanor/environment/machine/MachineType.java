package dev.athanor.environment.machine;

/**
 * A named size.
 *
 * @param name what functions ask for, such as M
 * @param cpus CPU cores, above 0; fractions are allowed
 * @param memoryBytes memory in bytes, above 0
 * @param gpus whole GPUs, 0 or more
 * @param gpuModel model of the GPUs, such as T4; empty if there are none
 */
public record MachineType(String name, double cpus, long memoryBytes, int gpus, String gpuModel) {

    /** Refuses what no machine can be. */
    public MachineType {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a machine type needs a name");
        }
        if (!(cpus > 0) || memoryBytes <= 0 || gpus < 0) {
            throw new IllegalArgumentException(
                    "machine type %s: cpus (%s) and memory (%d bytes) must be above 0, gpus (%d) not below"
                            .formatted(name, cpus, memoryBytes, gpus));
        }
        if ((gpus == 0) != gpuModel.isEmpty()) {
            throw new IllegalArgumentException(
                    "machine type %s: a GPU model goes with GPUs, got %d of model '%s'"
                            .formatted(name, gpus, gpuModel));
        }
    }
}
