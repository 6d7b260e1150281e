package dev.athanor.standalone.command;

import dev.athanor.standalone.AgentSettings;
import picocli.CommandLine.Mixin;

/** The options that say what an agent is, alike wherever one is started. */
final class AgentOptions {
    @Mixin private final SlotsOption slots = new SlotsOption();

    @Mixin private final DrainOption drain = new DrainOption();

    @Mixin private final PatienceOption patience = new PatienceOption();

    @Mixin private final LimitsOption limits = new LimitsOption();

    @Mixin private final MachineTypesOption machineTypes = new MachineTypesOption();

    static void warnOfMissingLimits(String which) {
        System.err.println("athanor: limits of machine types: " + which + ".");
    }

    AgentSettings settings() {
        return new AgentSettings(
                slots.slots(),
                drain.drain(),
                patience.patience(),
                limits.limits(),
                machineTypes.catalog(),
                machineTypes.enforcesLimits());
    }
}
