package dev.athanor.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One combined broker and controller on the loopback interface, its data in a folder that survives
 * restarts. Started by the constructor's caller through {@link #start}; closing it flushes and
 * stops it. Safe for any number of threads.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private final KafkaRaftServer server;
    private final KafkaNodes cluster;

    private EmbeddedKafka(KafkaRaftServer server, KafkaNodes cluster) {
        this.server = server;
        this.cluster = cluster;
    }

    /**
     * Starts a broker and returns once it takes requests, typically after 2 to 3 seconds.
     *
     * @param folder where its data is, or will be; made when missing
     * @param port of the client listener, 1 to 65535; 0 takes a free one
     * @throws EmbeddedKafkaException when the port is in use or the data cannot be used
     */
    public static EmbeddedKafka start(Path folder, int port) {
        return start(folder, KafkaNodes.single(port), 1);
    }

    /**
     * Starts one node of a cluster, and returns once it takes requests, for which most of the
     * cluster's nodes must have been started.
     *
     * @param folder where its data is, or will be; made when missing
     * @param id which of the nodes it is
     * @throws EmbeddedKafkaException when its ports are in use or the data cannot be used
     */
    public static EmbeddedKafka start(Path folder, KafkaNodes cluster, int id) {
        try {
            Files.createDirectories(folder);
            if (!Files.exists(folder.resolve("meta.properties"))) {
                format(folder, cluster, id);
            }
            KafkaConfig config = new KafkaConfig(NodeSettings.of(folder, cluster, id), false);
            KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
            try {
                server.startup();
            } catch (RuntimeException | Error e) {
                server.shutdown();
                throw e;
            }
            return new EmbeddedKafka(server, cluster);
        } catch (IOException e) {
            throw new EmbeddedKafkaException(
                    "cannot use the folder %s: %s".formatted(folder, e.getMessage()), e);
        } catch (Exception e) {
            throw new EmbeddedKafkaException(
                    "the embedded Kafka did not start on port %d with its data in %s: %s"
                            .formatted(cluster.node(id).clientPort(), folder, e.getMessage()),
                    e);
        }
    }

    /** Where clients connect, as {@code host:port}, with commas between several nodes. */
    public String bootstrapServers() {
        return cluster.bootstrapServers();
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path folder, KafkaNodes cluster, int id) throws Exception {
        Formatter formatter = new Formatter();
        formatter
                .setPrintStream(
                        new PrintStream(
                                OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(id)
                .setClusterId(cluster.clusterId())
                .addDirectory(folder.toString())
                .setMetadataLogDirectory(folder.toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setControllerListenerName("CONTROLLER")
                .setIgnoreFormatted(true);
        formatter.run();
    }
}
