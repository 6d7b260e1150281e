package dev.athanor.environment.machine;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The machine types of the reference; its MB and GB are read as powers of two. */
public final class MachineTypes {

    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /** XS (the default), S, M, L, XL, GPU-T4 and GPU, in this order. */
    public static final List<MachineType> REFERENCE =
            List.of(
                    new MachineType("XS", 0.25, 256 * MIB, 0, ""),
                    new MachineType("S", 0.5, GIB, 0, ""),
                    new MachineType("M", 2, 8 * GIB, 0, ""),
                    new MachineType("L", 4, 32 * GIB, 0, ""),
                    new MachineType("XL", 8, 128 * GIB, 0, ""),
                    new MachineType("GPU-T4", 4, 26 * GIB, 1, "T4"),
                    new MachineType("GPU", 8, 64 * GIB, 1, "A100"));

    private MachineTypes() {}

    /**
     * Finds one by its name.
     *
     * @param name as it is written, such as XS
     * @return the machine type, or empty if the reference has none of that name
     */
    public static Optional<MachineType> find(String name) {
        return REFERENCE.stream().filter(type -> type.name().equals(name)).findFirst();
    }

    /**
     * Finds what to use where the memory of a machine type does not suffice.
     *
     * @param type the one that is too small
     * @param among those that there are to choose from
     * @return of those with more memory and as many GPUs at least, the one with the least GPUs and
     *     then the least memory; empty if there is none
     */
    public static Optional<MachineType> nextLarger(
            MachineType type, Collection<MachineType> among) {
        return among.stream()
                .filter(other -> other.memoryBytes() > type.memoryBytes())
                .filter(other -> other.gpus() >= type.gpus())
                .min(
                        Comparator.comparingInt(MachineType::gpus)
                                .thenComparingLong(MachineType::memoryBytes));
    }
}
