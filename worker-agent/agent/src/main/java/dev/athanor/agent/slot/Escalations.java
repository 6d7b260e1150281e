package dev.athanor.agent.slot;

import dev.athanor.agent.call.Delivery;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.machine.MachineTypes;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Reply;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Says where calls that ran out of memory run again, as far as their functions want that: each time
 * on the next larger machine type that agents serve just then. Safe for any number of slots.
 */
public final class Escalations {
    private final List<MachineType> machineTypes;
    private final Predicate<String> isServed;

    /**
     * @param machineTypes those that there are to choose from
     * @param isServed whether an agent takes calls of the machine type
     */
    public Escalations(Collection<MachineType> machineTypes, Predicate<String> isServed) {
        this.machineTypes = List.copyOf(machineTypes);
        this.isServed = isServed;
    }

    /** The machine type on which the call is to run again instead of ending as the reply says. */
    Optional<String> of(Delivery delivery, Reply reply) {
        Failure failure = reply.getFailure();
        int before = delivery.envelope().getEscalatedFrom().size();
        if (failure == null
                || failure.getCode() != FailureCode.OUT_OF_MEMORY
                || before >= delivery.function().spec().getMaxEscalations()) {
            return Optional.empty();
        }
        Optional<MachineType> next = find(delivery.machineType()).flatMap(this::nextLarger);
        while (next.isPresent() && !isServed.test(next.get().name())) {
            next = next.flatMap(this::nextLarger);
        }
        return next.map(MachineType::name);
    }

    private Optional<MachineType> find(String name) {
        return machineTypes.stream().filter(type -> type.name().equals(name)).findFirst();
    }

    private Optional<MachineType> nextLarger(MachineType machineType) {
        return MachineTypes.nextLarger(machineType, machineTypes);
    }
}
