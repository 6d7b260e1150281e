package dev.athanor.agent;

import static dev.athanor.api.Athanor.S;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.Jobs;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.IsolatedFunction2;
import dev.athanor.api.Option;
import dev.athanor.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Calls that run for longer than a record may be held, and agents that close on them. */
class LongCallIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    @TempDir private Path folder;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aCallOf90SecondsRunsOnceAnd5000ShortOnesPassBehindIt() throws Exception {
        Path runs = folder.resolve("runs");
        try (Agent agent = agent("long", 2);
                AthanorClient client = CLUSTER.client()) {
            Option[] options = {host(cloud(client)), machineType(S)};
            CompletableFuture<String> longCall =
                    isolated(Jobs::markAndRun, options)
                            .submit(runs.toString(), Duration.ofSeconds(90));
            await().until(() -> Files.exists(runs));
            List<Integer> numbers = IntStream.range(0, 5_000).boxed().toList();

            assertThat(isolated(Jobs::twice, options).map(numbers))
                    .containsExactlyElementsOf(numbers.stream().map(n -> 2 * n).toList());

            assertThat(longCall).as("the call that they passed").isNotDone();
            assertThat(longCall.join()).isEqualTo("ran");
            assertThat(Files.readAllLines(runs)).hasSize(1);
            await().untilAsserted(() -> assertThat(openLeases()).isZero());
            assertThat(agent.isReady()).isTrue();
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void whatAnAgentClosesOnIsRunElsewhere() throws Exception {
        Path runs = folder.resolve("runs");
        Path goOn = folder.resolve("go-on");
        try (AthanorClient client = CLUSTER.client()) {
            IsolatedFunction2<String, String, String> wait =
                    isolated(Jobs::markAndWaitFor, host(cloud(client)), machineType(S));
            CompletableFuture<String> call;
            try (Agent first = agent("first", 1)) {
                call = wait.submit(runs.toString(), goOn.toString());
                await().until(() -> Files.exists(runs));
                assertThat(first.isReady()).isTrue();
            }
            assertThat(call).isNotDone();

            Files.createFile(goOn);
            try (Agent second = agent("second", 1)) {
                assertThat(call.get(1, TimeUnit.MINUTES)).isEqualTo("ran");
                assertThat(second.isReady()).isTrue();
            }
            assertThat(Files.readAllLines(runs)).hasSize(2);
        }
    }

    private Agent agent(String id, int slots) throws InterruptedException {
        return CLUSTER.agent(id, Map.of(S, slots), folder.resolve(id), new SimpleMeterRegistry());
    }

    /** Leases in the compacted topic that no tombstone has ended. */
    private static long openLeases() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", CLUSTER.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(Topics.RUNNING).stream()
                            .map(LongCallIT::partition)
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<String, Boolean> open = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(2))) {
                open.put(new String(record.key(), StandardCharsets.UTF_8), record.value() != null);
            }
            return open.values().stream().filter(isOpen -> isOpen).count();
        }
    }

    private static TopicPartition partition(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }
}
