package dev.athanor.dispatcher.http;

import dev.athanor.schemas.MachineSize;
import org.jspecify.annotations.Nullable;

/** How large a machine type is. */
record SizeAnswer(double cpus, long memoryBytes, int gpus, String gpuModel) {
    static @Nullable SizeAnswer of(@Nullable MachineSize size) {
        return size == null
                ? null
                : new SizeAnswer(
                        size.getCpus(), size.getMemoryBytes(), size.getGpus(), size.getGpuModel());
    }
}
