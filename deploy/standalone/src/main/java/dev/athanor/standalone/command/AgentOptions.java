package dev.athanor.standalone.command;

import dev.athanor.standalone.AgentSettings;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** The options that say what an agent is, alike wherever one is started. */
final class AgentOptions {
    @Mixin private final SlotsOption slots = new SlotsOption();

    @Mixin private final DrainOption drain = new DrainOption();

    @Mixin private final PatienceOption patience = new PatienceOption();

    @Mixin private final LimitsOption limits = new LimitsOption();

    @Mixin private final MachineTypesOption machineTypes = new MachineTypesOption();

    @Mixin private final DataVolumeOption data = new DataVolumeOption();

    @Mixin private final IsolationOption isolation = new IsolationOption();

    @Mixin private final SecretsKeyOption secretsKey = new SecretsKeyOption();

    static void tellOfIsolation(String which) {
        System.out.println("Isolation: " + which + ".");
    }

    static void tellOfData(String where, Optional<String> warning) {
        System.out.println("Data: " + where + ".");
        warning.ifPresent(text -> System.err.println("athanor: data: " + text + "."));
    }

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
                machineTypes.enforcesLimits(),
                data.volume(),
                isolation.isolation(),
                isolation.network(),
                isolation.docker(),
                secretsKey.file());
    }
}
