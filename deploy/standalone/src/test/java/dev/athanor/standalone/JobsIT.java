package dev.athanor.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.dispatcher.job.Job;
import dev.athanor.dispatcher.job.JobFilter;
import dev.athanor.dispatcher.job.JobPage;
import dev.athanor.dispatcher.job.JobResult;
import dev.athanor.dispatcher.job.JobSummary;
import dev.athanor.dispatcher.job.Jobs;
import dev.athanor.dispatcher.job.Submission;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs from their submission to what is left of them, with two dispatchers and real agents. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JobsIT {
    private static final String TENANT = JobCalls.TENANT;
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir private static Path folder;
    private static EmbeddedKafka kafka;
    private static EmbeddedPostgres postgres;
    private static KafkaProducer<byte[], byte[]> producer;
    private static Dispatcher dispatcher;
    private static Dispatcher replica;
    private static Agent agent;
    private static JobCalls calls;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        postgres = EmbeddedPostgres.start();
        dispatcher = dispatcher("dispatcher");
        replica = dispatcher("replica");
        agent =
                Agent.start(
                        AgentConfig.of(
                                "own",
                                kafka.bootstrapServers(),
                                Map.of("XS", 2),
                                folder.resolve("own")),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        calls = new JobCalls(producer, "XS");
        await().atMost(LONG).until(() -> dispatcher.isReady() && replica.isReady());
    }

    private static Dispatcher dispatcher(String name) throws InterruptedException {
        return Dispatcher.start(
                DispatcherConfig.of(name, kafka.bootstrapServers())
                        .withPatience(AgentProcesses.PATIENCE)
                        .withDatabase(postgres.getJdbcUrl("postgres", "postgres")),
                new SimpleMeterRegistry(),
                InstantSource.system());
    }

    @AfterAll
    static void stop() throws Exception {
        producer.close();
        agent.close();
        replica.close();
        dispatcher.close();
        postgres.close();
        kafka.close();
    }

    @Test
    void aJobIsFoundFromItsAcceptanceOnAndItsResultWhereverIsAsked() throws Exception {
        Invocation call = calls.of("greet", String.class, "World").build();

        String id = accepted(jobs().submit(TENANT, call));

        Job accepted = jobs().find(TENANT, id).orElseThrow();
        assertThat(accepted.function()).isEqualTo("JobErrands.greet");
        assertThat(accepted.machineType()).isEqualTo("XS");
        assertThat(accepted.createdAt().toEpochMilli()).isEqualTo(call.getCreatedAt());
        for (Dispatcher each : List.of(dispatcher, replica)) {
            JobResult.Ended ended = ended(each.jobs().orElseThrow().result(TENANT, id, LONG));
            assertThat(ended.job().state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(ended.job().agent()).contains("own");
            assertThat(ended.job().attempt()).isEqualTo(1);
            assertThat(ended.job().startedAt()).isPresent();
            assertThat(ended.job().resultExpiresAt().orElseThrow())
                    .isBetween(
                            ended.job().changedAt().plus(Duration.ofDays(7).minusMinutes(5)),
                            ended.job().changedAt().plus(Duration.ofDays(7).plusMinutes(5)));
            assertThat(text(ended.reply())).contains("Hello World");
        }
    }

    @Test
    void whatOneDispatcherAcceptedTheOtherFindsAtOnce() throws Exception {
        List<String> missed = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String id = submit("greet", String.class, "n" + i);
            if (replica.jobs().orElseThrow().find(TENANT, id).isEmpty()) {
                missed.add(id);
            }
        }
        assertThat(missed).isEmpty();
    }

    @Test
    void aLargeResultIsCopiedIntoTheDatabaseAndReadFromThere() throws Exception {
        int size = 1_700_000;
        String id = submit("bytes", byte[].class, Integer.toString(size));

        JobResult.Ended ended = ended(jobs().result(TENANT, id, LONG));

        BlobAddress address = ended.reply().getResult().getBlob();
        assertThat(content(id, address)).hasSize((int) address.getSize());
        await().atMost(LONG).until(() -> number("SELECT count(*) FROM result_copies") == 0);
        assertThat(number("SELECT count(*) FROM result_chunks WHERE id = '" + id + "'"))
                .isEqualTo(4);
        // From its own copy now, which nobody else's is.
        BlobAddress gone = new BlobAddress(address.getDigest(), address.getSize(), 99, 0L, 0L);
        byte[] copied = content(id, gone);
        assertThat(copied).hasSize((int) address.getSize());
        assertThat(Byte.toUnsignedInt(copied[copied.length - 1])).isEqualTo((size - 1) % 256);
    }

    @Test
    void aFailureIsKeptWithItsReason() throws Exception {
        String id = submit("fail", String.class, "no such joke");

        JobResult.Ended ended = ended(jobs().result(TENANT, id, LONG));

        assertThat(ended.job().state()).isEqualTo(JobState.FAILED);
        assertThat(ended.job().failureCode()).contains(FailureCode.FUNCTION_THREW.name());
        assertThat(ended.job().message()).contains("no such joke");
        assertThat(ended.reply().getOutcome()).isEqualTo(Outcome.FAILED);
        assertThat(ended.reply().getFailure().getThrowables().getFirst().getClassName())
                .isEqualTo(IllegalStateException.class.getName());
    }

    @Test
    void aResultIsKeptForAsLongAsItsJobSays() throws Exception {
        Invocation call = calls.of("greet", String.class, "shortly").setKeepResultMillis(1).build();

        String id = accepted(jobs().submit(TENANT, call));

        await().atMost(LONG)
                .until(() -> jobs().result(TENANT, id, LONG) instanceof JobResult.Expired);
        assertThat(jobs().find(TENANT, id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void whatIsNotThereIsSaidToBeAbsentAndTenantsSeeTheirOwnOnly() throws Exception {
        String id = submit("greet", String.class, "owner");

        assertThat(jobs().find("acme", id)).isEmpty();
        assertThat(jobs().result("acme", id, LONG)).isInstanceOf(JobResult.NotFound.class);
        assertThat(jobs().list("acme", JobFilter.any(), Optional.empty(), 10).jobs()).isEmpty();
        assertThat(jobs().find(TENANT, calls.newId())).isEmpty();
        assertThat(jobs().find(TENANT, "nonsense")).isEmpty();
        assertThat(jobs().submit("acme", calls.of("greet", String.class, "x").build()))
                .isInstanceOfSatisfying(
                        Submission.Refused.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(Submission.Reason.UNAUTHORIZED));
    }

    @Test
    void whatIsNoJobIsRefusedAndNothingIsWritten() throws Exception {
        Invocation good = calls.of("greet", String.class, "x").build();

        assertThat(refusal(Invocation.newBuilder(good).setJob(false).build()))
                .isEqualTo(Submission.Reason.INVALID);
        assertThat(refusal(Invocation.newBuilder(good).setReplyPartition(0).build()))
                .isEqualTo(Submission.Reason.INVALID);
        assertThat(refusal(Invocation.newBuilder(good).setCorrelationId("x").build()))
                .isEqualTo(Submission.Reason.INVALID);
        assertThat(refusal(Invocation.newBuilder(good).setFunction(ByteBuffer.allocate(3)).build()))
                .isEqualTo(Submission.Reason.INVALID);
        assertThat(refusal(new JobCalls(producer, "XXL").of("greet", String.class, "x").build()))
                .isEqualTo(Submission.Reason.UNKNOWN_MACHINE_TYPE);
        assertThat(refusal(calls.of("greet", String.class, "x".repeat(2_000_000)).build()))
                .isEqualTo(Submission.Reason.TOO_LARGE);
        InvocationEnvelope garbage =
                InvocationEnvelope.newBuilder().setInvocation(ByteBuffer.allocate(7)).build();
        assertThat(jobs().submit(TENANT, garbage)).isInstanceOf(Submission.Refused.class);
        assertThat(jobs().find(TENANT, good.getCorrelationId())).isEmpty();
    }

    @Test
    void listsAreCutIntoPagesAndFilteredByFunctionAndState() throws Exception {
        List<String> failed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            failed.addFirst(submit("fail", String.class, "page " + i));
        }
        for (String id : failed) {
            ended(jobs().result(TENANT, id, LONG));
        }
        JobFilter filter =
                new JobFilter(Optional.of("JobErrands.fail"), Optional.of(JobState.FAILED));

        JobPage first = jobs().list(TENANT, filter, Optional.empty(), 2);
        JobPage second = jobs().list(TENANT, filter, first.next(), 3);

        assertThat(first.jobs()).extracting(JobSummary::id).isEqualTo(failed.subList(0, 2));
        assertThat(second.jobs()).extracting(JobSummary::id).isEqualTo(failed.subList(2, 5));
        for (JobFilter wider :
                List.of(
                        new JobFilter(filter.function(), Optional.empty()),
                        new JobFilter(Optional.empty(), filter.state()),
                        JobFilter.any())) {
            assertThat(jobs().list(TENANT, wider, Optional.empty(), 1_000).jobs())
                    .extracting(JobSummary::id)
                    .containsAll(failed)
                    .isSortedAccordingTo((a, b) -> b.compareTo(a));
        }
    }

    @Test
    void whatItsAgentDiedWithRunsElsewhereAndItsHistoryIsRight() throws Exception {
        try (AgentProcesses agents = new AgentProcesses(kafka.bootstrapServers(), folder)) {
            Process first = agents.start("first", "S=1");
            JobCalls onS = new JobCalls(producer, "S");
            Path runs = folder.resolve("runs");
            Invocation call = onS.of("runUntil", String.class, runs.toString()).build();
            String id = accepted(jobs().submit(TENANT, call));
            await().atMost(LONG)
                    .until(() -> jobs().find(TENANT, id).orElseThrow().state() == JobState.RUNNING);
            assertThat(jobs().find(TENANT, id).orElseThrow().agent()).contains("first");
            assertThat(jobs().result(TENANT, id, Duration.ofMillis(10)))
                    .isInstanceOf(JobResult.NotEnded.class);

            first.destroyForcibly().waitFor();
            await().atMost(LONG).until(() -> jobs().find(TENANT, id).orElseThrow().attempt() == 2);
            Job waiting = jobs().find(TENANT, id).orElseThrow();
            assertThat(waiting.state()).isEqualTo(JobState.QUEUED);
            assertThat(waiting.agent()).isEmpty();
            agents.start("second", "S=1");
            await().atMost(LONG).until(() -> Files.readAllLines(runs).size() == 2);
            Files.createFile(Path.of(runs + ".go"));

            JobResult.Ended ended = ended(jobs().result(TENANT, id, LONG));
            assertThat(ended.job().state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(ended.job().attempt()).isEqualTo(2);
            assertThat(ended.job().agent()).contains("second");
        }
    }

    @Test
    void whatIsStillQueuedAtItsDeadlineExpiresAndNeverRuns() throws Exception {
        Path runs = folder.resolve("expired");
        Invocation call =
                calls.of("runUntil", String.class, runs.toString())
                        .setLimits(new Limits(System.currentTimeMillis() - 1, 0L, 0L, 0L, 0L))
                        .build();

        String id = accepted(jobs().submit(TENANT, call));

        JobResult.Ended ended = ended(jobs().result(TENANT, id, LONG));
        assertThat(ended.job().state()).isEqualTo(JobState.EXPIRED);
        assertThat(ended.job().startedAt()).isEmpty();
        assertThat(runs).doesNotExist();
    }

    private static Jobs jobs() {
        return dispatcher.jobs().orElseThrow();
    }

    private static String submit(String function, Class<?> result, String argument)
            throws Exception {
        return accepted(jobs().submit(TENANT, calls.of(function, result, argument).build()));
    }

    private static String accepted(Submission submission) {
        assertThat(submission).isInstanceOf(Submission.Accepted.class);
        return ((Submission.Accepted) submission).id();
    }

    private static Submission.Reason refusal(Invocation invocation) throws Exception {
        return ((Submission.Refused) jobs().submit(TENANT, invocation)).reason();
    }

    private static JobResult.Ended ended(JobResult result) {
        assertThat(result).isInstanceOf(JobResult.Ended.class);
        return (JobResult.Ended) result;
    }

    private static String text(Reply reply) {
        ByteBuffer content = reply.getResult().getContent();
        return StandardCharsets.UTF_8.decode(content.duplicate()).toString();
    }

    private static byte[] content(String id, BlobAddress address) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        jobs().content(TENANT, id, address, out);
        return out.toByteArray();
    }

    private static long number(String sql) throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
