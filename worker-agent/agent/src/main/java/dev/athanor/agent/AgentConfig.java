package dev.athanor.agent;

import dev.athanor.agent.call.CallLimits;
import dev.athanor.agent.life.BeatSettings;
import dev.athanor.environment.docker.DockerContainers;
import dev.athanor.environment.docker.DockerOptions;
import dev.athanor.environment.isolation.Containers;
import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.isolation.NetworkPolicy;
import dev.athanor.environment.machine.MachineTypeCatalog;
import dev.athanor.schemas.attempt.Attempts;
import dev.athanor.schemas.keys.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What an agent is.
 *
 * @param id names it in records, metrics and logs; unique in the cluster
 * @param bootstrapServers of Kafka, {@code host:port}, comma-separated
 * @param tenant whose every invocation is, on a cluster without credentials
 * @param slots how many slots of which machine type, each 1 or more
 * @param dataFolder for environments, bundles and work folders; made when missing
 * @param javaExecutable of the JVM that sandboxes run on
 * @param maxSandboxes how many sandboxes may live at once, hot ones included; at least the number
 *     of slots
 * @param limits of calls that set none
 * @param handOverAfter how long a call may run before it goes over to a lease; 250 ms by default
 * @param drain how long closing waits for running calls before it stops them and puts them back
 *     into their queues
 * @param attempts how many attempts an invocation has when agents die
 * @param beats how it tells the cluster that it lives
 * @param warmRouting whether calls are led to where they are hot; off for measurements without
 * @param kafka further settings of every Kafka client
 * @param machineTypes what the names of machine types mean
 * @param enforcesLimits whether the sizes of machine types are enforced, as far as the operating
 *     system permits it; true by default
 * @param credentials of an operator, on a cluster with credentials: then only what is signed is
 *     believed; none by default
 * @param dataVolume with the persistent folders of tenants, the same for all agents of a cluster;
 *     by default the cluster's where it is at the same path here, else a folder in the data folder
 * @param isolation how sandboxes are kept apart; bare processes by default
 * @param network what the network is to sandboxes, beside the cluster's own addresses, which are
 *     denied where the isolation can; outbound by default
 * @param containers what opens launchers of containers, where that is the isolation; those of the
 *     Docker engine that {@code DOCKER_HOST} names by default
 * @param secretsKeyFile holds the key that opens secrets, the same for all agents of a cluster;
 *     {@code secrets.key} in the data folder by default
 */
public record AgentConfig(
        String id,
        String bootstrapServers,
        String tenant,
        Map<String, Integer> slots,
        Path dataFolder,
        Path javaExecutable,
        int maxSandboxes,
        CallLimits limits,
        Duration handOverAfter,
        Duration drain,
        Attempts attempts,
        BeatSettings beats,
        boolean warmRouting,
        Map<String, String> kafka,
        MachineTypeCatalog machineTypes,
        boolean enforcesLimits,
        Optional<Credentials> credentials,
        Optional<Path> dataVolume,
        Isolation isolation,
        NetworkPolicy network,
        Containers containers,
        Path secretsKeyFile) {
    /** The tenant of a cluster without credentials. */
    public static final String DEFAULT_TENANT = "default";

    private static final int SANDBOXES_PER_SLOT = 4;

    public AgentConfig {
        slots = new LinkedHashMap<>(slots);
        kafka = Map.copyOf(kafka);
        if (slots.isEmpty()) {
            throw new IllegalArgumentException("an agent needs a slot, such as --slots XS=2");
        }
        slots.forEach((machineType, count) -> {
            if (count < 1) {
                throw new IllegalArgumentException(
                        "slots of %s must be 1 or more, got %d".formatted(machineType, count));
            }
        });
        int total = slots.values().stream().mapToInt(Integer::intValue).sum();
        if (maxSandboxes < total) {
            throw new IllegalArgumentException(
                    "%d sandboxes are too few for %d slots".formatted(maxSandboxes, total));
        }
    }

    /** Everything at its default, four sandboxes for each slot, and the JVM that runs this. */
    public static AgentConfig of(
            String id, String bootstrapServers, Map<String, Integer> slots, Path dataFolder) {
        return new AgentConfig(
                id,
                bootstrapServers,
                DEFAULT_TENANT,
                slots,
                dataFolder,
                Path.of(System.getProperty("java.home"), "bin", "java"),
                SANDBOXES_PER_SLOT * slots.values().stream().mapToInt(Integer::intValue).sum(),
                CallLimits.defaults(),
                Duration.ofMillis(250),
                Duration.ofSeconds(30),
                new Attempts(Attempts.DEFAULT_MAX),
                BeatSettings.defaults(),
                true,
                Map.of(),
                MachineTypeCatalog.reference(),
                true,
                Optional.empty(),
                Optional.empty(),
                Isolation.PROCESS,
                NetworkPolicy.open(),
                new DockerContainers(DockerOptions.of(System.getenv(), id)),
                dataFolder.resolve("secrets.key"));
    }

    /** Without the settings for Kafka, which may have secrets. */
    @Override
    public String toString() {
        return "AgentConfig[id=%s, bootstrapServers=%s, slots=%s]"
                .formatted(id, bootstrapServers, slots);
    }

    public AgentConfig withTenant(String newTenant) {
        return with(next -> next.tenant = newTenant);
    }

    public AgentConfig withJavaExecutable(Path newJavaExecutable) {
        return with(next -> next.javaExecutable = newJavaExecutable);
    }

    public AgentConfig withMaxSandboxes(int newMaxSandboxes) {
        return with(next -> next.maxSandboxes = newMaxSandboxes);
    }

    public AgentConfig withLimits(CallLimits newLimits) {
        return with(next -> next.limits = newLimits);
    }

    public AgentConfig withDrain(Duration newDrain) {
        return with(next -> next.drain = newDrain);
    }

    public AgentConfig withBeats(BeatSettings newBeats) {
        return with(next -> next.beats = newBeats);
    }

    public AgentConfig withWarmRouting(boolean newWarmRouting) {
        return with(next -> next.warmRouting = newWarmRouting);
    }

    public AgentConfig withMachineTypes(MachineTypeCatalog newMachineTypes) {
        return with(next -> next.machineTypes = newMachineTypes);
    }

    public AgentConfig withEnforcedLimits(boolean newEnforcesLimits) {
        return with(next -> next.enforcesLimits = newEnforcesLimits);
    }

    /**
     * On a cluster with credentials.
     *
     * @param access settings of Kafka clients that log in by them
     */
    public AgentConfig withCredentials(Credentials newCredentials, Map<String, String> access) {
        return with(next -> {
            next.credentials = Optional.of(newCredentials);
            next.kafka = new HashMap<>(next.kafka);
            next.kafka.putAll(access);
        });
    }

    public AgentConfig withDataVolume(Optional<Path> newDataVolume) {
        return with(next -> next.dataVolume = newDataVolume);
    }

    public AgentConfig withIsolation(Isolation newIsolation, NetworkPolicy newNetwork) {
        return with(next -> {
            next.isolation = newIsolation;
            next.network = newNetwork;
        });
    }

    public AgentConfig withContainers(Containers newContainers) {
        return with(next -> next.containers = newContainers);
    }

    public AgentConfig withSecretsKeyFile(Path newSecretsKeyFile) {
        return with(next -> next.secretsKeyFile = newSecretsKeyFile);
    }

    private AgentConfig with(Consumer<Draft> change) {
        Draft next = new Draft(this);
        change.accept(next);
        return next.config();
    }

    /** A config that is being changed. */
    private static final class Draft {
        private final AgentConfig from;
        private String tenant;
        private Path javaExecutable;
        private int maxSandboxes;
        private CallLimits limits;
        private Duration drain;
        private BeatSettings beats;
        private boolean warmRouting;
        private MachineTypeCatalog machineTypes;
        private boolean enforcesLimits;
        private Map<String, String> kafka;
        private Optional<Credentials> credentials;
        private Optional<Path> dataVolume;
        private Isolation isolation;
        private NetworkPolicy network;
        private Containers containers;
        private Path secretsKeyFile;

        Draft(AgentConfig from) {
            this.from = from;
            tenant = from.tenant;
            javaExecutable = from.javaExecutable;
            maxSandboxes = from.maxSandboxes;
            limits = from.limits;
            drain = from.drain;
            beats = from.beats;
            warmRouting = from.warmRouting;
            machineTypes = from.machineTypes;
            enforcesLimits = from.enforcesLimits;
            kafka = from.kafka;
            credentials = from.credentials;
            dataVolume = from.dataVolume;
            isolation = from.isolation;
            network = from.network;
            containers = from.containers;
            secretsKeyFile = from.secretsKeyFile;
        }

        AgentConfig config() {
            return new AgentConfig(
                    from.id,
                    from.bootstrapServers,
                    tenant,
                    from.slots,
                    from.dataFolder,
                    javaExecutable,
                    maxSandboxes,
                    limits,
                    from.handOverAfter,
                    drain,
                    from.attempts,
                    beats,
                    warmRouting,
                    kafka,
                    machineTypes,
                    enforcesLimits,
                    credentials,
                    dataVolume,
                    isolation,
                    network,
                    containers,
                    secretsKeyFile);
        }
    }
}
