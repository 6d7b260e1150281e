package dev.athanor.dispatcher.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.MachineSize;
import dev.athanor.schemas.MachineTypeStatus;
import dev.athanor.schemas.SlotStatus;
import dev.athanor.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** What supervisors tell of machine types on a real broker, of agents that the test plays. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MachineTypeWatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);
    private static final MachineSize SIZE = new MachineSize(2.0, 8L << 30, 1, "T4");

    @TempDir private static Path folder;
    private static EmbeddedKafka kafka;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    @AfterAll
    static void stopKafka() {
        producer.close();
        kafka.close();
    }

    @Test
    void whatIsServedIsToldByOneSupervisorAfterTheOther() throws Exception {
        MachineTypeStatus served = new MachineTypeStatus("T", SIZE, 1, 3, 0);
        MachineTypeStatus unserved = new MachineTypeStatus("T", SIZE, 0, 0, 0);
        try (Dispatcher first = dispatcher("first")) {
            await().atMost(LONG_ENOUGH).until(first::isReady);
            await().atMost(LONG_ENOUGH).until(() -> beatAndRead().contains(served));

            await("until it is silent").atMost(LONG_ENOUGH).until(() -> last().equals(unserved));

            await().atMost(LONG_ENOUGH).until(() -> beatAndRead().getLast().equals(served));
            send(null);
            await("once it left").atMost(LONG_ENOUGH).until(() -> last().equals(unserved));

            await().atMost(LONG_ENOUGH).until(() -> beatAndRead().getLast().equals(served));
        }
        assertThat(last()).as("a supervisor that leaves changes nothing").isEqualTo(served);

        try (Dispatcher second = dispatcher("second");
                Dispatcher third = dispatcher("third")) {
            await().atMost(LONG_ENOUGH).until(() -> second.isReady() && third.isReady());
            await().atMost(LONG_ENOUGH).until(() -> last().equals(unserved));
        }
        List<MachineTypeStatus> told = told();
        assertThat(IntStream.range(1, told.size()))
                .as("each change is told once")
                .noneMatch(i -> told.get(i).equals(told.get(i - 1)));
    }

    private static Dispatcher dispatcher(String id) throws InterruptedException {
        return Dispatcher.start(
                DispatcherConfig.of(id, kafka.bootstrapServers()).withPatience(PATIENCE),
                new SimpleMeterRegistry(),
                InstantSource.system());
    }

    private static List<MachineTypeStatus> beatAndRead() throws Exception {
        send(
                Codec.current()
                        .encode(
                                new AgentStatus(
                                        "agent",
                                        1L,
                                        "",
                                        0L,
                                        List.of(new SlotStatus("T", 3, 3, false, SIZE)),
                                        List.of(),
                                        List.of(),
                                        false)));
        return told();
    }

    private static void send(byte[] value) throws Exception {
        producer.send(
                        new ProducerRecord<>(
                                Topics.AGENTS, "agent".getBytes(StandardCharsets.UTF_8), value))
                .get();
    }

    private static MachineTypeStatus last() {
        return told().getLast();
    }

    private static List<MachineTypeStatus> told() {
        TopicPartition partition = new TopicPartition(Topics.MACHINE_TYPES, 0);
        List<MachineTypeStatus> told = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record ->
                                told.add(
                                        Codec.current()
                                                .decode(record.value(), MachineTypeStatus.class)));
            }
        }
        return told;
    }
}
