package dev.athanor.dispatcher.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterSetup;
import dev.athanor.schemas.cluster.LaneTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lanes on a real broker, of agents that the test plays. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LaneWatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String QUEUE = Topics.invocations("M");

    @TempDir private static Path folder;
    private static EmbeddedKafka kafka;
    private static KafkaProducer<byte[], byte[]> producer;
    private static Admin admin;
    private static Dispatcher dispatcher;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        Map<String, Object> servers = Map.of("bootstrap.servers", kafka.bootstrapServers());
        producer =
                new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer());
        admin = Admin.create(servers);
        new ClusterSetup(admin, Duration.ofSeconds(30)).apply(List.of("default"), List.of("M"));
        dispatcher =
                Dispatcher.start(
                        DispatcherConfig.of("lanes", kafka.bootstrapServers())
                                .withPatience(PATIENCE),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
    }

    @AfterAll
    static void stop() {
        dispatcher.close();
        admin.close();
        producer.close();
        kafka.close();
    }

    @Test
    void whatADeadAgentsLaneHoldsGoesIntoTheQueueAndTheLaneGoes() throws Exception {
        Lane lane = lane("silent");
        beat("silent");
        send(lane, "silent-1");
        send(lane, "silent-2");

        await().atMost(SOON).untilAsserted(() -> assertThat(topics()).doesNotContain(lane.topic()));

        assertThat(queued()).contains("silent-1", "silent-2");
    }

    @Test
    void theLaneOfAnAgentThatIsNotThereAtAllIsDrained() throws Exception {
        Lane lane = lane("unknown");
        send(lane, "unknown-1");

        await().atMost(SOON).untilAsserted(() -> assertThat(topics()).doesNotContain(lane.topic()));

        assertThat(queued()).contains("unknown-1");
    }

    @Test
    void theLaneOfALivingAgentIsLeftToIt() throws Exception {
        beat("living");
        Lane lane = lane("living");
        send(lane, "living-1");
        long begin = System.nanoTime();

        await().pollInterval(Duration.ofMillis(300))
                .atMost(SOON)
                .until(() -> {
                    beat("living");
                    return System.nanoTime() - begin > 3 * PATIENCE.toNanos();
                });

        assertThat(topics()).contains(lane.topic());
        assertThat(queued()).doesNotContain("living-1");
    }

    private static Lane lane(String agent) throws InterruptedException {
        Lane lane = new Lane(agent, "M");
        new LaneTopics(admin, Duration.ofSeconds(30)).open(List.of(lane));
        return lane;
    }

    private static void beat(String agent) throws Exception {
        AgentStatus status =
                AgentStatus.newBuilder()
                        .setAgent(agent)
                        .setEpoch(1)
                        .setVersion("test")
                        .setBeatAt(1)
                        .setSlots(List.of())
                        .setHot(List.of())
                        .setGpus(List.of())
                        .build();
        producer.send(
                        new ProducerRecord<>(
                                Topics.AGENTS, utf8(agent), Codec.current().encode(status)))
                .get();
    }

    /** Lanes are drained whatever their records are. */
    private static void send(Lane lane, String id) throws Exception {
        producer.send(new ProducerRecord<>(lane.topic(), utf8(id), utf8("invocation " + id))).get();
    }

    private static Set<String> topics() throws Exception {
        return admin.listTopics().names().get();
    }

    private static List<String> queued() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(QUEUE, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<String> ids = new ArrayList<>();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
                    ids.add(new String(record.key(), StandardCharsets.UTF_8));
                }
            }
            return ids;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
