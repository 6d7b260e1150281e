package dev.athanor.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/**
 * The nodes that make a cluster, each a broker and a controller on the loopback interface.
 *
 * @param clusterId names the cluster in its nodes' data
 * @param nodes 1 or more; with 3 or more, a lost one is made up for
 */
public record KafkaNodes(String clusterId, List<Node> nodes) {
    static final String HOST = "localhost";

    public KafkaNodes {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a cluster needs a node");
        }
    }

    /**
     * One node.
     *
     * @param id from 1, unique among the nodes
     */
    public record Node(int id, int clientPort, int controllerPort) {}

    /** That many nodes of a new cluster, on ports that are free now. */
    public static KafkaNodes onFreePorts(int count) {
        List<Node> nodes = new ArrayList<>();
        for (int id = 1; id <= count; id++) {
            nodes.add(new Node(id, freePort(0), freePort(0)));
        }
        return new KafkaNodes(Uuid.randomUuid().toString(), nodes);
    }

    static KafkaNodes single(int port) {
        return new KafkaNodes(
                Uuid.randomUuid().toString(), List.of(new Node(1, freePort(port), freePort(0))));
    }

    /** Where clients connect, as {@code host:port} with commas between several. */
    public String bootstrapServers() {
        return nodes.stream()
                .map(node -> HOST + ":" + node.clientPort())
                .collect(Collectors.joining(","));
    }

    Node node(int id) {
        return nodes.stream()
                .filter(node -> node.id() == id)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("no node %d in %s".formatted(id, nodes)));
    }

    String voters() {
        return nodes.stream()
                .map(node -> "%d@%s:%d".formatted(node.id(), HOST, node.controllerPort()))
                .collect(Collectors.joining(","));
    }

    /**
     * @param port 0: any
     */
    static int freePort(int port) {
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
