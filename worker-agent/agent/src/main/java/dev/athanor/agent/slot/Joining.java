package dev.athanor.agent.slot;

import dev.athanor.schemas.cluster.ClusterUnreachableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Waits until consumers have joined their share groups. A member says nothing of its own
 * assignment, so the coordinator is asked.
 */
final class Joining {
    private static final long ASK_EVERY_MILLIS = 100;

    private final Admin admin;
    private final Duration timeout;

    Joining(Admin admin, Duration timeout) {
        this.admin = admin;
        this.timeout = timeout;
    }

    /**
     * Waits until the group has as many members of this agent with work assigned.
     *
     * @param clientIdPrefix that the members' client ids begin with
     * @throws ClusterUnreachableException when they have not joined in time
     */
    void await(String group, String clientIdPrefix, long members) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + timeout.toNanos();
        while (joined(group, clientIdPrefix) < members) {
            if (System.nanoTime() > deadline
                    || never.await(ASK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new ClusterUnreachableException(
                        "%d consumers did not join the share group %s within %d s"
                                .formatted(members, group, timeout.toSeconds()),
                        null);
            }
        }
    }

    private long joined(String group, String clientIdPrefix) throws InterruptedException {
        try {
            Map<String, ShareGroupDescription> groups =
                    admin.describeShareGroups(List.of(group))
                            .all()
                            .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return groups.values().stream()
                    .flatMap(described -> described.members().stream())
                    .filter(member -> member.clientId().startsWith(clientIdPrefix))
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .count();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return 0;
            }
            throw new ClusterUnreachableException(
                    "Kafka does not describe the share group %s: %s"
                            .formatted(group, e.getMessage()),
                    e);
        } catch (TimeoutException e) {
            throw new ClusterUnreachableException(
                    "Kafka did not describe the share group %s within %d s"
                            .formatted(group, timeout.toSeconds()),
                    e);
        }
    }
}
