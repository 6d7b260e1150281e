package dev.athanor.standalone.command;

import dev.athanor.agent.kafka.ClientSettings;
import dev.athanor.agent.secret.SecretStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where secrets are kept, and whose they are. */
final class SecretsOptions {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:ATHANOR_BOOTSTRAP_SERVERS:-localhost:9092}",
            description =
                    "Kafka, with commas between several addresses. Default: ${DEFAULT-VALUE}.")
    private String bootstrapServers = "";

    @Option(
            names = "--tenant",
            defaultValue = "${env:ATHANOR_TENANT:-default}",
            description = "Whose secrets they are. Default: ${DEFAULT-VALUE}.")
    private String tenant = "";

    @Mixin private final AccessOptions access = new AccessOptions();

    /** What is to be done with them. */
    @FunctionalInterface
    interface Task {
        int with(SecretStore store) throws InterruptedException;
    }

    String tenant() {
        return tenant;
    }

    int run(Task task) throws InterruptedException {
        ClientSettings clients =
                new ClientSettings(
                        bootstrapServers,
                        "secrets-" + UUID.randomUUID().toString().substring(0, 8),
                        access.access(bootstrapServers).kafka());
        try (Consumer<byte[], byte[]> consumer = clients.follower("secrets");
                Producer<byte[], byte[]> producer = clients.producer()) {
            return task.with(new SecretStore(consumer, producer, TIMEOUT, InstantSource.system()));
        }
    }
}
