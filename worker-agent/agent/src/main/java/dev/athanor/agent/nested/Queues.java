package dev.athanor.agent.nested;

import dev.athanor.environment.machine.NearestName;
import dev.athanor.environment.machine.UnservedType;
import dev.athanor.schemas.MachineTypeStatus;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.agents.MachineTypesServed;
import dev.athanor.schemas.agents.SeenAgent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * The machine types that the cluster has queues of: producing to another one would block. Safe for
 * any number of threads.
 */
final class Queues {
    private final Admin admin;
    private final Duration timeout;
    private final Supplier<AgentView> agents;
    private final Duration patience;
    private volatile Set<String> topics = Set.of();

    /**
     * @param admin stays its giver's to close
     * @param timeout longest wait for an answer
     * @param agents the agents as they are known now
     * @param patience for how long an agent may be silent
     */
    Queues(Admin admin, Duration timeout, Supplier<AgentView> agents, Duration patience) {
        this.admin = admin;
        this.timeout = timeout;
        this.agents = agents;
        this.patience = patience;
    }

    /**
     * Whether there is such a machine type; asks the cluster about one that it did not have before.
     *
     * @throws KafkaException when that does not answer
     */
    boolean has(String machineType) throws InterruptedException {
        if (!Topics.isName(machineType)) {
            return false;
        }
        String topic = Topics.invocations(machineType);
        if (!topics.contains(topic)) {
            topics = ask();
        }
        return topics.contains(topic);
    }

    /** What to tell of a machine type that no live agent serves; empty where one does. */
    Optional<UnservedType> unserved(String machineType) {
        AgentView view = agents.get();
        Predicate<SeenAgent> isLive = agent -> view.silence(agent).compareTo(patience) < 0;
        if (!view.isComplete() || MachineTypesServed.isServed(machineType, view.agents(), isLive)) {
            return Optional.empty();
        }
        List<String> served =
                MachineTypesServed.by(view.agents(), isLive).values().stream()
                        .filter(type -> type.getAgents() > 0)
                        .map(MachineTypeStatus::getName)
                        .toList();
        return Optional.of(UnservedType.of(machineType, served));
    }

    private Set<String> ask() throws InterruptedException {
        try {
            return Set.copyOf(
                    admin.listTopics().names().get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("Kafka does not say which topics it has: " + e, e);
        }
    }

    /** For a message: the machine types that there are, the nearest one named. */
    String instead(String machineType) {
        List<String> offered =
                topics.stream()
                        .filter(topic -> topic.startsWith(Topics.INVOCATIONS_PREFIX))
                        .map(topic -> topic.substring(Topics.INVOCATIONS_PREFIX.length()))
                        .sorted()
                        .toList();
        return "one that this cluster offers: "
                + String.join(", ", offered)
                + NearestName.question(machineType, offered);
    }
}
