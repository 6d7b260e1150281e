package dev.athanor.loadtests.process;

import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.KafkaNodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A node of an embedded Kafka in a process of its own. */
public final class BrokerProcess {
    private BrokerProcess() {}

    /** Starts one, again on what it left in the folder, and does not wait for it. */
    public static ChildProcess start(Path folder, KafkaNodes cluster, int id) throws IOException {
        return ChildProcess.start(
                "broker-" + id,
                folder,
                "384m",
                BrokerProcess.class,
                folder.resolve("data").toString(),
                cluster.clusterId(),
                cluster.nodes().stream()
                        .map(node ->
                                "%d:%d:%d"
                                        .formatted(
                                                node.id(),
                                                node.clientPort(),
                                                node.controllerPort()))
                        .collect(Collectors.joining(",")),
                Integer.toString(id));
    }

    /** Runs until SIGTERM. */
    public static void main(String[] arguments) throws InterruptedException {
        List<KafkaNodes.Node> nodes =
                Stream.of(arguments[2].split(",", -1)).map(BrokerProcess::node).toList();
        AtShutdown.close(
                EmbeddedKafka.start(
                        Path.of(arguments[0]),
                        new KafkaNodes(arguments[1], nodes),
                        Integer.parseInt(arguments[3])));
        ChildProcess.sayReady();
        new CountDownLatch(1).await();
    }

    private static KafkaNodes.Node node(String text) {
        String[] parts = text.split(":", 3);
        return new KafkaNodes.Node(
                Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }
}
