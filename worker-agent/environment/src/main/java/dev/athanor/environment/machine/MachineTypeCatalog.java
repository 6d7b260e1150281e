package dev.athanor.environment.machine;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The machine types that functions can ask for here, by name. Immutable. */
public final class MachineTypeCatalog {
    private static final MachineTypeCatalog REFERENCE = of(MachineTypes.REFERENCE);

    private final Map<String, MachineType> types;

    private MachineTypeCatalog(Map<String, MachineType> types) {
        this.types = Collections.unmodifiableMap(types);
    }

    /** The reference's seven, of the reference's sizes. */
    public static MachineTypeCatalog reference() {
        return REFERENCE;
    }

    private static MachineTypeCatalog of(Collection<MachineType> types) {
        Map<String, MachineType> byName = new LinkedHashMap<>();
        types.forEach(type -> byName.put(type.name(), type));
        return new MachineTypeCatalog(byName);
    }

    /**
     * Adds machine types, or gives some other sizes.
     *
     * @param others those of a name that is there already replace it
     * @return the new catalog
     * @throws IllegalArgumentException if a name differs from another in upper and lower case only,
     *     since nobody would tell them apart
     */
    public MachineTypeCatalog with(Collection<MachineType> others) {
        Map<String, MachineType> merged = new LinkedHashMap<>(types);
        for (MachineType other : others) {
            for (String name : merged.keySet()) {
                if (name.equalsIgnoreCase(other.name()) && !name.equals(other.name())) {
                    throw new IllegalArgumentException(
                            "machine type %s differs from %s in upper and lower case only"
                                    .formatted(other.name(), name));
                }
            }
            merged.put(other.name(), other);
        }
        return new MachineTypeCatalog(merged);
    }

    /** Finds one by its exact name. */
    public Optional<MachineType> find(String name) {
        return Optional.ofNullable(types.get(name));
    }

    /** What there is, to complete a message: all names, and a guess what was meant. */
    public String instead(String name) {
        return String.join(", ", types.keySet()) + NearestName.question(name, types.keySet());
    }

    /** All of them, the reference's first. */
    public List<MachineType> all() {
        return List.copyOf(types.values());
    }
}
