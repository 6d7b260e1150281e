package dev.athanor.agent;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.Jobs;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.Option;
import dev.athanor.api.TooLargeException;
import dev.athanor.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments and results of all sizes, and those that are too large. */
class PayloadsIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final int INLINE = 256 << 10;
    private static final int LIMIT = 64 << 20;

    /** What serialization adds to an array of bytes, at most. */
    private static final int OVERHEAD = 1_024;

    @TempDir private static Path agentFolder;
    private static Agent agent;
    private static AthanorClient client;
    private static Option[] options;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws InterruptedException {
        agent = CLUSTER.agent("payloads", Map.of(M, 1), agentFolder, new SimpleMeterRegistry());
        client = CLUSTER.client();
        options = new Option[] {host(cloud(client)), machineType(M)};
    }

    @AfterAll
    static void stop() {
        client.close();
        agent.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {INLINE - OVERHEAD, INLINE + 1, LIMIT - OVERHEAD})
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void payloadsTravelBothWays(int size) {
        byte[] bytes = bytes(size);

        byte[] reversed = isolated(Jobs::reversed, options).call(bytes);

        assertThat(Jobs.reversed(reversed)).isEqualTo(bytes);
    }

    @Test
    void argumentsOverTheLimitAreRefusedAtTheCallerWithTheirSize() {
        IsolatedFunction1<byte[], byte[]> reversed = isolated(Jobs::reversed, options);

        assertThatExceptionOfType(TooLargeException.class)
                .isThrownBy(() -> reversed.call(new byte[LIMIT + 1]))
                .withMessageContaining("take 67,108,9")
                .withMessageContaining("limit of 67,108,864 bytes");
    }

    @Test
    void aResultOverTheLimitFailsTheCallWithItsSize() {
        IsolatedFunction1<Integer, byte[]> zeros = isolated(Jobs::zeros, options);

        assertThatExceptionOfType(TooLargeException.class)
                .isThrownBy(() -> zeros.call(LIMIT + 1))
                .withMessageContaining("takes 67108")
                .withMessageContaining("limit of 67108864 bytes");
    }

    @Test
    void bothSidesHaveALimitThatCanBeSet() throws Exception {
        try (AthanorClient small =
                        AthanorClient.builder()
                                .bootstrapServers(CLUSTER.bootstrapServers())
                                .payloadLimit(10_000)
                                .build();
                AthanorClient large =
                        AthanorClient.builder()
                                .bootstrapServers(CLUSTER.bootstrapServers())
                                .payloadLimit(LIMIT + (1 << 20))
                                .build()) {
            assertThatExceptionOfType(TooLargeException.class)
                    .isThrownBy(() -> reversed(small).call(new byte[10_000]))
                    .withMessageContaining("limit of 10,000 bytes");
            assertThatExceptionOfType(TooLargeException.class)
                    .isThrownBy(() -> reversed(large).call(new byte[LIMIT + 1]))
                    .withMessageContaining("limit of 67,108,864 bytes");
        }
    }

    private static IsolatedFunction1<byte[], byte[]> reversed(AthanorClient through) {
        return isolated(Jobs::reversed, host(cloud(through)), machineType(M));
    }

    @Test
    void argumentsThatExpiredInTheQueueAreSentAgain() throws Exception {
        Path runs = folder.resolve("runs");
        Path goOn = folder.resolve("go-on");
        CompletableFuture<String> first =
                isolated(Jobs::markAndWaitFor, options).submit(runs.toString(), goOn.toString());
        await().until(() -> Files.exists(runs));
        byte[] bytes = bytes(INLINE * 4);
        CompletableFuture<byte[]> second = isolated(Jobs::reversed, options).submit(bytes);

        expireBlobs();
        Files.createFile(goOn);

        assertThat(first.join()).isEqualTo("ran");
        assertThat(Jobs.reversed(second.get(1, TimeUnit.MINUTES))).isEqualTo(bytes);
    }

    @Test
    void codeThatExpiredIsSentAgain() throws Exception {
        assertThat(isolated(Jobs::hello, options).call()).isEqualTo("Hello World");
        agent.close();
        expireBlobs();

        agent =
                CLUSTER.agent(
                        "payloads",
                        Map.of(M, 1),
                        folder.resolve("another"),
                        new SimpleMeterRegistry());

        assertThat(isolated(Jobs::hello, options).submit().get(1, TimeUnit.MINUTES))
                .isEqualTo("Hello World");
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static void expireBlobs() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", CLUSTER.bootstrapServers()))) {
            String topic = Topics.blobs("default");
            int partitions =
                    admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic)
                            .partitions()
                            .size();
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int i = 0; i < partitions; i++) {
                ends.put(new TopicPartition(topic, i), OffsetSpec.latest());
            }
            Map<TopicPartition, RecordsToDelete> expired = new HashMap<>();
            admin.listOffsets(ends)
                    .all()
                    .get()
                    .forEach((partition, end) ->
                            expired.put(partition, RecordsToDelete.beforeOffset(end.offset())));
            admin.deleteRecords(expired).all().get();
        }
    }
}
