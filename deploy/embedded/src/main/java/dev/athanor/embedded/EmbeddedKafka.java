package dev.athanor.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One combined broker and controller on the loopback interface, its data in a folder that survives
 * restarts. Started by the constructor's caller through {@link #start}; closing it flushes and
 * stops it. Safe for any number of threads.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final String HOST = "localhost";
    private static final int NODE_ID = 1;

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker and returns once it takes requests, typically after 2 to 3 seconds.
     *
     * @param folder where its data is, or will be; made when missing
     * @param port of the client listener, 1 to 65535; 0 takes a free one
     * @throws EmbeddedKafkaException when the port is in use or the data cannot be used
     */
    public static EmbeddedKafka start(Path folder, int port) {
        int clientPort = checkFree(port);
        int controllerPort = checkFree(0);
        try {
            Files.createDirectories(folder);
            if (!Files.exists(folder.resolve("meta.properties"))) {
                format(folder);
            }
            KafkaConfig config =
                    new KafkaConfig(properties(folder, clientPort, controllerPort), false);
            KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
            try {
                server.startup();
            } catch (RuntimeException | Error e) {
                server.shutdown();
                throw e;
            }
            return new EmbeddedKafka(server, clientPort);
        } catch (IOException e) {
            throw new EmbeddedKafkaException(
                    "cannot use the folder %s: %s".formatted(folder, e.getMessage()), e);
        } catch (Exception e) {
            throw new EmbeddedKafkaException(
                    "the embedded Kafka did not start on port %d with its data in %s: %s"
                            .formatted(clientPort, folder, e.getMessage()),
                    e);
        }
    }

    /** Where clients connect, as {@code host:port}. */
    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path folder) throws Exception {
        Formatter formatter = new Formatter();
        formatter
                .setPrintStream(
                        new PrintStream(
                                OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .addDirectory(folder.toString())
                .setMetadataLogDirectory(folder.toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setControllerListenerName("CONTROLLER")
                .setIgnoreFormatted(true);
        formatter.run();
    }

    private static Properties properties(Path folder, int clientPort, int controllerPort) {
        Properties config = new Properties();
        config.put("process.roles", "broker,controller");
        config.put("node.id", Integer.toString(NODE_ID));
        config.put("log.dirs", folder.toString());
        config.put(
                "listeners",
                "PLAINTEXT://%s:%d,CONTROLLER://%s:%d"
                        .formatted(HOST, clientPort, HOST, controllerPort));
        config.put("advertised.listeners", "PLAINTEXT://%s:%d".formatted(HOST, clientPort));
        config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("controller.listener.names", "CONTROLLER");
        config.put("controller.quorum.voters", "%d@%s:%d".formatted(NODE_ID, HOST, controllerPort));
        config.put("inter.broker.listener.name", "PLAINTEXT");
        config.put("auto.create.topics.enable", "false");
        oneNode(config);
        quickJoins(config);
        return config;
    }

    private static void oneNode(Properties config) {
        config.put("offsets.topic.replication.factor", "1");
        config.put("offsets.topic.num.partitions", "4");
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("transaction.state.log.num.partitions", "1");
        config.put("share.coordinator.state.topic.replication.factor", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        config.put("share.coordinator.state.topic.num.partitions", "4");
        config.put("group.share.max.size", "1000");
        config.put("errors.deadletterqueue.topic.name.prefix", "");
        config.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
    }

    /** With the defaults, a member's first record takes 5 s; with these it takes 0.6 s. */
    private static void quickJoins(Properties config) {
        config.put("group.initial.rebalance.delay.ms", "0");
        config.put("group.share.min.heartbeat.interval.ms", "500");
        config.put("group.share.heartbeat.interval.ms", "500");
        config.put("group.share.min.assignment.interval.ms", "0");
        config.put("group.share.assignment.interval.ms", "0");
    }

    private static int checkFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new EmbeddedKafkaException(
                    "port %d is in use (%s): choose another with --port"
                            .formatted(port, e.getMessage()),
                    e);
        }
    }
}
