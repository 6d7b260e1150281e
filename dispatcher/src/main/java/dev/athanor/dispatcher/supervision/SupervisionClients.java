package dev.athanor.dispatcher.supervision;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;

/** Makes Kafka clients, each its asker's to close. Safe for any number of threads. */
public interface SupervisionClients {
    /** A consumer without a group that starts at the oldest record. */
    Consumer<byte[], byte[]> follower(String role);

    /**
     * A consumer of a group, of committed records, that starts at the oldest one.
     *
     * @param commits whether it commits by itself what it has read
     */
    Consumer<byte[], byte[]> member(String group, boolean commits);

    /** A member of a share group, which acknowledges explicitly. */
    ShareConsumer<byte[], byte[]> shareMember(String group);

    /** A producer whose records are durable once it says so. */
    Producer<byte[], byte[]> producer(String role);

    /** A client that looks after topics. */
    Admin admin(String role);

    /** A producer of transactions; only the newest one of an id can commit any. */
    Producer<byte[], byte[]> transactional(String transactionalId);
}
