package dev.athanor.embedded;

import java.nio.file.Path;
import java.util.Properties;

/** Settings of a node's broker and controller. */
final class NodeSettings {
    private static final int MOST_REPLICAS = 3;

    private NodeSettings() {}

    static Properties of(Path folder, KafkaNodes cluster, int id) {
        KafkaNodes.Node node = cluster.node(id);
        String client = address("PLAINTEXT", node.clientPort());
        Properties config = common(folder, cluster, id);
        config.put("listeners", client + "," + controller(node));
        config.put("advertised.listeners", client);
        config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("inter.broker.listener.name", "PLAINTEXT");
        return config;
    }

    /**
     * Settings of a secured node.
     *
     * @param internalPort where the node reaches itself
     */
    static Properties secured(
            Path folder, KafkaNodes cluster, int id, BrokerSecurity security, int internalPort) {
        KafkaNodes.Node node = cluster.node(id);
        String open =
                address(BrokerSecurity.CLIENT, node.clientPort())
                        + ","
                        + address(BrokerSecurity.INTERNAL, internalPort);
        Properties config = common(folder, cluster, id);
        config.put("listeners", open + "," + controller(node));
        config.put("advertised.listeners", open);
        security.addTo(config);
        return config;
    }

    private static String controller(KafkaNodes.Node node) {
        return address(BrokerSecurity.CONTROLLER, node.controllerPort());
    }

    private static String address(String listener, int port) {
        return "%s://%s:%d".formatted(listener, KafkaNodes.HOST, port);
    }

    private static Properties common(Path folder, KafkaNodes cluster, int id) {
        Properties config = new Properties();
        config.put("process.roles", "broker,controller");
        config.put("node.id", Integer.toString(id));
        config.put("log.dirs", folder.toString());
        config.put("controller.listener.names", BrokerSecurity.CONTROLLER);
        config.put("controller.quorum.voters", cluster.voters());
        config.put("auto.create.topics.enable", "false");
        config.put("group.share.max.size", "1000");
        config.put("errors.deadletterqueue.topic.name.prefix", "");
        config.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
        internalTopics(config, Math.min(cluster.nodes().size(), MOST_REPLICAS));
        quickJoins(config);
        if (cluster.nodes().size() > 1) {
            quickFailover(config);
        }
        return config;
    }

    private static void internalTopics(Properties config, int replicas) {
        String replication = Integer.toString(replicas);
        String inSync = Integer.toString(Math.max(1, replicas - 1));
        config.put("offsets.topic.replication.factor", replication);
        config.put("offsets.topic.num.partitions", "4");
        config.put("transaction.state.log.replication.factor", replication);
        config.put("transaction.state.log.min.isr", inSync);
        config.put("transaction.state.log.num.partitions", "1");
        config.put("share.coordinator.state.topic.replication.factor", replication);
        config.put("share.coordinator.state.topic.min.isr", inSync);
        config.put("share.coordinator.state.topic.num.partitions", "4");
    }

    /** With the defaults, a member's first record takes 5 s; with these it takes 0.6 s. */
    private static void quickJoins(Properties config) {
        config.put("group.initial.rebalance.delay.ms", "0");
        config.put("group.share.min.heartbeat.interval.ms", "500");
        config.put("group.share.heartbeat.interval.ms", "500");
        config.put("group.share.min.assignment.interval.ms", "0");
        config.put("group.share.assignment.interval.ms", "0");
    }

    /** Nothing is durable from the loss of a node until it is noticed: 9 s by default. */
    private static void quickFailover(Properties config) {
        config.put("broker.session.timeout.ms", "3000");
        config.put("broker.heartbeat.interval.ms", "500");
    }
}
