package dev.athanor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterSetup;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir private Path folder;

    @Test
    void keepsItsDataAcrossRestartsOnAnotherPort() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0);
                Admin admin = admin(kafka)) {
            new ClusterSetup(admin, TIMEOUT).apply(List.of("default"), List.of("XS"));
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0);
                Admin admin = admin(kafka)) {
            assertThat(admin.listTopics().names().get()).contains(Topics.invocations("XS"));
        }
    }

    @Test
    void setupIsIdempotentAndConfiguresGroups() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0);
                Admin admin = admin(kafka)) {
            ClusterSetup setup = new ClusterSetup(admin, TIMEOUT);

            setup.apply(List.of("default"), List.of("XS"));
            setup.apply(List.of("default", "acme"), List.of("XS", "M"));

            assertThat(admin.listTopics().names().get())
                    .contains(
                            Topics.invocations("XS"),
                            Topics.invocations("M"),
                            Topics.replies("acme"),
                            Topics.blobs("acme"),
                            Topics.RUNNING);
            ConfigResource group =
                    new ConfigResource(ConfigResource.Type.GROUP, Topics.workersGroup("M"));
            await().untilAsserted(() ->
                    assertThat(config(admin, group))
                            .containsEntry("share.auto.offset.reset", "earliest")
                            .containsEntry("share.partition.max.record.locks", "4000")
                            .containsEntry(
                                    "errors.deadletterqueue.topic.name",
                                    Topics.GROUP_DEAD_LETTERS));
        }
    }

    @Test
    void portInUseIsSaidInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedKafka.start(folder, taken.getLocalPort()))
                    .isInstanceOf(EmbeddedKafkaException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " is in use")
                    .hasMessageContaining("--port");
        }
    }

    @Test
    void folderThatIsAFileIsSaidInOneLine() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> EmbeddedKafka.start(file, 0))
                .isInstanceOf(EmbeddedKafkaException.class)
                .hasMessageContaining("cannot use the folder " + file);
    }

    private static Map<String, String> config(Admin admin, ConfigResource resource)
            throws Exception {
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream()
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }
}
