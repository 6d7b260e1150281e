package dev.athanor.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.CommonClientConfigs;
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
    private final Map<String, String> internalAccess;

    private EmbeddedKafka(
            KafkaRaftServer server, KafkaNodes cluster, Map<String, String> internalAccess) {
        this.server = server;
        this.cluster = cluster;
        this.internalAccess = internalAccess;
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
        return start(
                folder,
                cluster,
                id,
                NodeSettings.of(folder, cluster, id),
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers()));
    }

    /**
     * Starts a broker that only those may use who have a key, and returns once it takes requests.
     *
     * @param folder where its data is, or will be; made when missing
     * @param port of the client listener, 1 to 65535; 0 takes a free one
     * @throws EmbeddedKafkaException when the port is in use or the data cannot be used
     */
    public static EmbeddedKafka startSecured(Path folder, int port, BrokerSecurity security) {
        KafkaNodes cluster = KafkaNodes.single(port);
        int internalPort = KafkaNodes.freePort(0);
        Map<String, String> access = security.internalAccess();
        access.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, KafkaNodes.HOST + ":" + internalPort);
        return start(
                folder,
                cluster,
                1,
                NodeSettings.secured(folder, cluster, 1, security, internalPort),
                access);
    }

    private static EmbeddedKafka start(
            Path folder,
            KafkaNodes cluster,
            int id,
            Properties settings,
            Map<String, String> internalAccess) {
        try {
            Files.createDirectories(folder);
            if (!Files.exists(folder.resolve("meta.properties"))) {
                format(folder, cluster, id);
            }
            KafkaConfig config = new KafkaConfig(settings, false);
            KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
            try {
                server.startup();
            } catch (RuntimeException | Error e) {
                server.shutdown();
                throw e;
            }
            return new EmbeddedKafka(server, cluster, internalAccess);
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

    /**
     * Settings of Kafka clients in this process that may do everything: on a secured broker they
     * show the node's own certificate, to which its password is here. Not for others.
     */
    public Map<String, String> internalAccess() {
        return Map.copyOf(internalAccess);
    }

    /** How often something was asked for that the key may not do, such as another's topic. */
    public double deniedRequests() {
        return BrokerBeans.sum(
                "kafka.server:type=plugins,class=CountingAuthorizer,*", CountingAuthorizer.DENIED);
    }

    /** How often somebody was not let in: with no key, a wrong one or a revoked one. */
    public double failedLogins() {
        return BrokerBeans.sum(
                "kafka.server:type=socket-server-metrics,listener=" + BrokerSecurity.CLIENT + ",*",
                "failed-authentication-total");
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
