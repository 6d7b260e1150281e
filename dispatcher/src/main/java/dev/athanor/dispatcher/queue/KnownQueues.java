package dev.athanor.dispatcher.queue;

import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** Knows which machine types have a queue, which they keep. Safe for any number of threads. */
public final class KnownQueues {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Admin admin;
    private volatile Set<String> known = Set.of();

    /**
     * @param admin stays its giver's to close
     */
    public KnownQueues(Admin admin) {
        this.admin = admin;
    }

    /**
     * Whether the machine type has a queue; the cluster is asked about one that had none before.
     *
     * @throws ClusterUnreachableException when it does not answer
     */
    public boolean has(String machineType) throws InterruptedException {
        if (!Topics.isName(machineType)) {
            return false;
        }
        String topic = Topics.invocations(machineType);
        if (!known.contains(topic)) {
            known = topics();
        }
        return known.contains(topic);
    }

    private Set<String> topics() throws InterruptedException {
        try {
            return Set.copyOf(
                    admin.listTopics().names().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            throw new ClusterUnreachableException("Kafka does not say what queues there are", e);
        }
    }
}
