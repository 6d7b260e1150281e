package dev.athanor.agent;

import dev.athanor.schemas.cluster.ClusterUnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;

/**
 * Finds the hosts of the cluster, which functions are not to reach.
 *
 * @param admin stays its giver's to close
 * @param timeout longest wait for the answer
 */
record ClusterAddresses(Admin admin, Duration timeout) {
    /**
     * Those that were given, and those that Kafka names.
     *
     * @param bootstrapServers {@code host:port}, comma-separated
     * @throws ClusterUnreachableException when Kafka does not answer
     */
    List<String> hosts(String bootstrapServers) throws InterruptedException {
        List<String> hosts = new ArrayList<>();
        for (String server : bootstrapServers.split(",", -1)) {
            add(hosts, server.strip().replaceFirst(":\\d+$", ""));
        }
        try {
            for (Node node :
                    admin.describeCluster()
                            .nodes()
                            .get(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                add(hosts, node.host());
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new ClusterUnreachableException("Kafka does not tell its brokers: " + e, e);
        }
        return hosts;
    }

    /** Sandboxes have no IPv6, whose addresses are told by their colons. */
    private static void add(List<String> hosts, String host) {
        if (!host.contains(":") && !host.isEmpty()) {
            hosts.add(host);
        }
    }
}
