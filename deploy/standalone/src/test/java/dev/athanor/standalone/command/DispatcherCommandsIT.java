package dev.athanor.standalone.command;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.Batch;
import dev.athanor.api.Job;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.GrouplessConsumer;
import dev.athanor.standalone.AgentSettings;
import dev.athanor.standalone.JobsConfig;
import dev.athanor.standalone.Standalone;
import dev.athanor.standalone.StandaloneConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands that ask a dispatcher, at one that has something to tell. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DispatcherCommandsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private static Path folder;
    private static Standalone standalone;
    private static AthanorClient client;

    /** What a command printed and how it ended. */
    private record Ended(int status, String out, String err) {
        JsonNode json() throws Exception {
            return new JsonMapper().readTree(out);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        standalone =
                Standalone.start(
                        new StandaloneConfig(
                                folder.resolve("data"),
                                0,
                                0,
                                AgentSettings.of(Map.of("XS", 2)),
                                false,
                                Optional.of(new JobsConfig(0, Optional.empty()))));
        client =
                AthanorClient.builder()
                        .bootstrapServers(standalone.bootstrapServers())
                        .dispatcher(standalone.http().orElseThrow())
                        .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        standalone.close();
    }

    private static String fail(String message) {
        throw new IllegalStateException(message);
    }

    private static Job<String> failed(String name) {
        Job<String> job =
                isolated(DispatcherCommandsIT::fail, host(cloud(client)), name(name))
                        .submitJob("no \u001b[31mred\u001b[0m joke");
        assertThat(job.resultAsync()).failsWithin(PATIENCE);
        return job;
    }

    @Test
    void agentsAndQueuesAreListed() throws Exception {
        assertThat(run("agents").out())
                .matches(
                        "(?s)AGENT +STATE +VERSION +FREE SLOTS +HOT +GPUS\nstandalone +live .*XS \\d/2.*");
        assertThat(run("agents", "--json").json().at("/agents/0/id").asText())
                .isEqualTo("standalone");
        assertThat(run("queues").out())
                .matches("(?s)MACHINE TYPE +CPUS +MEMORY.*\nXS +0.25 +256 MiB +- +1 +2 +\\d+\n");
        assertThat(run("queues", "--json").json().at("/queues/0/slots").asInt()).isEqualTo(2);
    }

    @Test
    void jobsAreListedByFunctionAndStateOverPages() throws Exception {
        Job<String> first = failed("listed");
        Job<String> second = failed("listed");

        List<String> lines =
                run("jobs", "list", "--function", "listed", "--state", "failed")
                        .out()
                        .lines()
                        .toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).matches("JOB +FUNCTION +STATE +ATTEMPT +TYPE +AGENT +CREATED");
        assertThat(lines.get(1)).matches(second.id() + "  listed +FAILED +1 +XS +standalone +2.*Z");
        assertThat(lines.get(2)).startsWith(first.id());
        JsonNode one = run("jobs", "list", "--function", "listed", "--limit", "1", "--json").json();
        assertThat(one.get("jobs").findValuesAsText("id")).containsExactly(second.id());
    }

    @Test
    void aJobIsShownWithItsTraceAndNothingATerminalWouldObey() throws Exception {
        Job<String> job = failed("shown");

        String shown = run("jobs", "show", job.id(), "--wait", "1").out();

        assertThat(shown)
                .contains(job.id(), "FAILED", "FUNCTION_THREW")
                .contains("java.lang.IllegalStateException: no ?[31mred?[0m joke")
                .contains("    at " + DispatcherCommandsIT.class.getName() + ".fail(")
                .doesNotContain("\u001b");
        assertThat(run("jobs", "show", job.id(), "--json").json().at("/failure/code").asText())
                .isEqualTo("FUNCTION_THREW");
    }

    private static String speak(String name) throws InterruptedException {
        System.out.println("first");
        TimeUnit.SECONDS.sleep(3);
        System.err.println("no \u001b[31mred\u001b[0m " + name);
        return name;
    }

    @Test
    void whatAJobPrintsIsFollowedUntilItsEndAndReadAgain() throws Exception {
        Job<String> job =
                isolated(DispatcherCommandsIT::speak, host(cloud(client))).submitJob("line");

        String followed = run("jobs", "logs", job.id(), "--follow").out();

        assertThat(followed).endsWith("first\nno ?[31mred?[0m line\n");
        assertThat(run("jobs", "logs", job.id()).out()).isEqualTo(followed);
        assertThat(run("jobs", "logs", job.id(), "--json").out()).contains("\"attempt\":1");
        assertThat(failure("jobs", "logs", UUID.randomUUID().toString()))
                .contains("there is no job");
    }

    @Test
    void whatWasGivenUpIsListedShownAndReplayed() throws Exception {
        Job<String> job =
                isolated(DispatcherCommandsIT::speak, host(cloud(client)), name("given-up"))
                        .submitJob("line");
        assertThat(job.resultAsync()).succeedsWithin(PATIENCE);
        giveUp(job.id());

        JsonNode letter = run("dead-letters", "list", "--json").json().at("/deadLetters/0");
        assertThat(run("dead-letters", "list").out())
                .matches("(?s)LETTER +REASON +FUNCTION .*ATTEMPTS_EXHAUSTED +given-up +.*");
        assertThat(run("dead-letters", "show", letter.get("id").asText()).out())
                .contains("no ?[31mred?[0m agent", job.id(), "    first\n")
                .doesNotContain("\u001b");
        String again = run("dead-letters", "replay", letter.get("id").asText()).out().strip();
        assertThat(client.job(again).resultAsync()).succeedsWithin(PATIENCE).isEqualTo("line");
        assertThat(failure("dead-letters", "show", "none")).contains("no dead letter 'none'");
        assertThat(failure("dead-letters", "replay", "999")).contains("no dead letter '999'");
    }

    /** As an agent does with a call that it lost too often, of the record that is in the queue. */
    private static void giveUp(String job) throws Exception {
        Map<String, Object> servers = Map.of("bootstrap.servers", standalone.bootstrapServers());
        TopicPartition queue = new TopicPartition(Topics.invocations("XS"), 0);
        try (GrouplessConsumer consumer = new GrouplessConsumer(servers);
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                servers, new ByteArraySerializer(), new ByteArraySerializer())) {
            consumer.assign(List.of(queue));
            consumer.seekToBeginning(List.of(queue));
            byte[] key = job.getBytes(StandardCharsets.UTF_8);
            ConsumerRecord<byte[], byte[]> record =
                    await().atMost(PATIENCE)
                            .until(
                                    () -> with(consumer.poll(Duration.ofMillis(100)), key),
                                    Optional::isPresent)
                            .orElseThrow();
            DeadLetter letter =
                    new DeadLetter(
                            DeadLetterReason.ATTEMPTS_EXHAUSTED,
                            "no \u001b[31mred\u001b[0m agent",
                            1L,
                            "agent-1",
                            queue.topic(),
                            0,
                            record.offset(),
                            3,
                            ByteBuffer.wrap(record.value()),
                            List.of());
            producer.send(
                            new ProducerRecord<>(
                                    Topics.DEAD_LETTERS, key, Codec.current().encode(letter)))
                    .get();
        }
    }

    private static Optional<ConsumerRecord<byte[], byte[]>> with(
            ConsumerRecords<byte[], byte[]> records, byte[] key) {
        return StreamSupport.stream(records.spliterator(), false)
                .filter(record -> Arrays.equals(record.key(), key))
                .findFirst();
    }

    @Test
    void aFinishedJobCannotBeCancelled() throws Exception {
        Job<String> job = failed("cancelled");

        assertThat(run("jobs", "cancel", job.id()).out())
                .contains(job.id(), "had finished already: FAILED");
        assertThat(run("jobs", "cancel", job.id(), "--json").json().get("answer").asText())
                .isEqualTo("ALREADY_FINISHED");
        assertThat(failure("jobs", "cancel", UUID.randomUUID().toString()))
                .contains("there is no job");
    }

    @Test
    void batchesAreListedShownRunAgainAndCancelled() throws Exception {
        Batch<String> batch =
                isolated(DispatcherCommandsIT::fail, host(cloud(client)), name("batch"))
                        .mapJob(List.of("one", "two"));

        String shown = run("batches", "show", batch.id(), "--follow", "--interval", "1").out();

        assertThat(shown)
                .contains("2 of 2: 0 running, 2 failed, 0 cancelled")
                .containsPattern("failed +2\n")
                .containsPattern("MEMBER +JOB +OUTCOME +WHY\n0 +[0-9a-f-]{36} +FAILED");
        assertThat(run("batches", "show", batch.id(), "--json").json().at("/counts/failed").asInt())
                .isEqualTo(2);
        assertThat(run("batches", "list").out())
                .containsPattern("BATCH +FUNCTION +MEMBERS +STATE +TYPE +CREATED\n")
                .containsPattern(batch.id() + "  batch +2 ");
        assertThat(run("batches", "rerun", batch.id()).out()).contains(batch.id(), " of 2: ");
        assertThat(batch.failures()).hasSize(2);
        assertThat(run("batches", "list", "--limit", "1", "--json").json().get("batches"))
                .hasSize(1);
        assertThat(run("batches", "cancel", batch.id()).out()).contains(batch.id());
        assertThat(failure("batches", "show", UUID.randomUUID().toString()))
                .contains("there is no batch");
        assertThat(failure("batches", "list", "--limit", "0")).contains("--limit");
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        String none = UUID.randomUUID().toString();
        assertThat(failure("jobs", "show", none)).contains("there is no job " + none);
        assertThat(failure("jobs", "show", "../agents")).contains("cannot be understood");
        assertThat(failure("jobs", "list", "--state", "asleep")).contains("asleep");
        assertThat(failure("jobs", "list", "--limit", "0")).contains("--limit");
        assertThat(failure("queues", "--dispatcher-url", "http://localhost:1"))
                .contains("http://localhost:1", "--dispatcher-url");
        assertThat(failure("queues", "--dispatcher-url", standalone.metricsAddress()))
                .contains("no dispatcher");
    }

    private static String failure(String... arguments) {
        Ended ended = execute(arguments);
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines()).hasSize(1);
        return ended.err();
    }

    private static Ended run(String... arguments) {
        Ended ended = execute(arguments);
        assertThat(ended.status()).as(ended.err()).isZero();
        return ended;
    }

    private static Ended execute(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                AthanorCommand.commandLine()
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("--dispatcher-url")) {
            all.addAll(List.of("--dispatcher-url", standalone.http().orElseThrow().toString()));
        }
        int status = command.execute(all.toArray(String[]::new));
        return new Ended(status, out.toString(), err.toString());
    }
}
