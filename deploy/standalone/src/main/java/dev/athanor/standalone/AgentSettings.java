package dev.athanor.standalone;

import dev.athanor.agent.AgentConfig;
import dev.athanor.agent.call.CallLimits;
import dev.athanor.agent.life.BeatSettings;
import dev.athanor.environment.docker.DockerContainers;
import dev.athanor.environment.docker.DockerOptions;
import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.isolation.NetworkPolicy;
import dev.athanor.environment.machine.MachineTypeCatalog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator says of an agent, wherever it runs.
 *
 * @param slots how many slots of which machine type
 * @param drain how long running calls may go on once it is closed
 * @param patience how long it may go without a heartbeat before it counts as dead
 * @param limits of calls that set none
 * @param machineTypes what the names of machine types mean
 * @param enforcesLimits whether their sizes are enforced, as far as that is permitted
 * @param dataVolume with the persistent folders of tenants; empty: see {@link AgentConfig}
 * @param isolation how sandboxes are kept apart
 * @param network what the network is to sandboxes
 * @param docker which engine to use, where sandboxes are containers
 * @param secretsKeyFile the key that opens secrets; empty: in its data folder
 */
public record AgentSettings(
        Map<String, Integer> slots,
        Duration drain,
        Duration patience,
        CallLimits limits,
        MachineTypeCatalog machineTypes,
        boolean enforcesLimits,
        Optional<Path> dataVolume,
        Isolation isolation,
        NetworkPolicy network,
        DockerOptions docker,
        Optional<Path> secretsKeyFile) {
    public AgentSettings {
        slots = new LinkedHashMap<>(slots);
    }

    /** Everything else at its default. */
    public static AgentSettings of(Map<String, Integer> slots) {
        return new AgentSettings(
                slots,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                CallLimits.defaults(),
                MachineTypeCatalog.reference(),
                true,
                Optional.empty(),
                Isolation.AUTO,
                NetworkPolicy.open(),
                DockerOptions.of(System.getenv(), ""),
                Optional.empty());
    }

    /** The agent of that name. */
    public AgentConfig config(
            String name, String bootstrapServers, Path dataFolder, ClusterAccess access) {
        AgentConfig config =
                AgentConfig.of(name, bootstrapServers, slots, dataFolder)
                        .withDrain(drain)
                        .withBeats(BeatSettings.withPatience(patience))
                        .withLimits(limits)
                        .withMachineTypes(machineTypes)
                        .withEnforcedLimits(enforcesLimits)
                        .withDataVolume(dataVolume)
                        .withIsolation(isolation, network)
                        .withContainers(new DockerContainers(docker.of(name)));
        AgentConfig opening = secretsKeyFile.map(config::withSecretsKeyFile).orElse(config);
        return access.credentials()
                .map(key -> opening.withCredentials(key, access.kafka()))
                .orElse(opening);
    }
}
