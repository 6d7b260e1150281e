package dev.athanor.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.schedule.Schedules.Plan;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When schedules fire, on a real PostgreSQL and by a clock that the test moves. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ScheduleFiringsIT {
    private static final String TENANT = "acme";
    private static final String NAME = "nightly";
    private static final String INSTANCE = TENANT + "/" + NAME;

    private EmbeddedPostgres postgres;
    private Database database;
    private Schedules schedules;
    private Instant now = Instant.parse("2026-11-25T12:00:10Z");

    @BeforeEach
    void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        database = Database.open(postgres.getJdbcUrl("postgres", "postgres"));
        schedules =
                new Schedules(
                        database,
                        tenant -> {
                            throw new AssertionError("no template has blobs");
                        },
                        new MockProducer<>(),
                        () -> now);
    }

    @AfterEach
    void stop() throws Exception {
        database.close();
        postgres.close();
    }

    @Test
    void eachOfItsTimesMakesOneJobHoweverOftenAndByHowManyItIsFired() throws Exception {
        put("0 * * * *", MissedFirings.ONCE);
        assertThat(tasks()).containsExactly("2026-11-25T13:00:00Z");
        assertThat(schedules.fire(INSTANCE)).as("too early").contains(at("13:00"));
        assertThat(jobs()).isEmpty();

        now = at("13:00").plusSeconds(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Callable<Optional<Instant>> fire = () -> schedules.fire(INSTANCE);
            for (Future<Optional<Instant>> each : threads.invokeAll(Collections.nCopies(8, fire))) {
                assertThat(each.get()).contains(at("14:00"));
            }
        }

        assertThat(jobs()).hasSize(1);
        assertThat(schedules.firings(TENANT, NAME, 10).orElseThrow())
                .singleElement()
                .satisfies(firing -> {
                    assertThat(firing.fireAt()).isEqualTo(at("13:00"));
                    assertThat(firing.kind()).isEqualTo(Firing.Kind.TIME);
                    assertThat(firing.job()).contains(jobs().getFirst());
                });
    }

    @Test
    void itsJobsAreAsTheTemplateSaysWithDeadlinesOfTheirOwn() {
        put("0 * * * *", MissedFirings.ONCE);
        now = at("13:00").plusSeconds(2);
        schedules.fire(INSTANCE);

        Invocation made = invocation();
        assertThat(made.getCorrelationId()).isEqualTo(jobs().getFirst());
        assertThat(made.getCreatedAt()).isEqualTo(now.toEpochMilli());
        assertThat(made.getLimits().getQueueDeadline())
                .isEqualTo(now.plus(Duration.ofHours(1)).toEpochMilli());
        assertThat(made.getLimits().getOverallDeadline())
                .isEqualTo(now.plus(Duration.ofHours(2)).toEpochMilli());
        assertThat(made.getLimits().getExecutionTimeoutMillis()).isEqualTo(7_000);
        assertThat(made.getJob()).isTrue();
    }

    @Test
    void timesThatNobodyWasThereForAreMadeUpForOnce() {
        put("0 * * * *", MissedFirings.ONCE);

        now = at("13:00").plus(Duration.ofDays(2)).plusSeconds(90);

        assertThat(schedules.fire(INSTANCE)).contains(at("14:00").plus(Duration.ofDays(2)));
        assertThat(jobs()).hasSize(1);
        assertThat(schedules.firings(TENANT, NAME, 10).orElseThrow().getFirst().fireAt())
                .as("for the last of them")
                .isEqualTo(at("13:00").plus(Duration.ofDays(2)));
    }

    @Test
    void timesThatNobodyWasThereForArePassedOverWhereThatIsWanted() {
        put("0 * * * *", MissedFirings.SKIP);

        now = at("13:00").plusSeconds(61);
        assertThat(schedules.fire(INSTANCE)).contains(at("14:00"));
        assertThat(jobs()).isEmpty();
        assertThat(schedules.firings(TENANT, NAME, 10).orElseThrow().getFirst().kind())
                .isEqualTo(Firing.Kind.SKIPPED);

        now = at("14:00").plusSeconds(59);
        schedules.fire(INSTANCE);
        assertThat(jobs()).hasSize(1);
    }

    @Test
    void whatIsOlderThanAWeekIsNotMadeUpFor() {
        put("0 0 1 1 *", MissedFirings.ONCE);

        now = Instant.parse("2027-01-09T00:00:00Z");

        assertThat(schedules.fire(INSTANCE)).contains(Instant.parse("2028-01-01T00:00:00Z"));
        assertThat(jobs()).isEmpty();
    }

    @Test
    void aPausedScheduleFiresByHandOnlyAndGoesOnFromWhenItIsResumed() {
        put("0 * * * *", MissedFirings.ONCE);

        assertThat(schedules.pause(TENANT, NAME, true).orElseThrow().nextAt()).isEmpty();
        assertThat(tasks()).isEmpty();
        now = at("15:30");
        assertThat(schedules.fire(INSTANCE)).isEmpty();
        assertThat(schedules.runNow(TENANT, NAME)).isPresent();
        assertThat(schedules.pause(TENANT, NAME, false).orElseThrow().nextAt())
                .contains(at("16:00"));

        assertThat(tasks()).containsExactly("2026-11-25T16:00:00Z");
        assertThat(jobs()).hasSize(1);
        assertThat(schedules.firings(TENANT, NAME, 10).orElseThrow())
                .extracting(Firing::kind)
                .containsExactly(Firing.Kind.BY_HAND);
    }

    @Test
    void aScheduleThatIsMadeAnewTakesTheOthersPlaceAndKeepsItsHistory() {
        assertThat(put("0 * * * *", MissedFirings.ONCE).isNew()).isTrue();
        now = at("13:00").plusSeconds(1);
        schedules.fire(INSTANCE);

        assertThat(put("30 * * * *", MissedFirings.ONCE).isNew()).isFalse();

        assertThat(tasks()).containsExactly("2026-11-25T13:30:00Z");
        assertThat(schedules.list(TENANT))
                .singleElement()
                .extracting(Schedule::cron)
                .isEqualTo("30 * * * *");
        assertThat(schedules.firings(TENANT, NAME, 10).orElseThrow()).hasSize(1);
    }

    @Test
    void aDeletedScheduleIsGoneAndFiresNoMore() {
        put("0 * * * *", MissedFirings.ONCE);

        assertThat(schedules.delete("other", NAME)).isFalse();
        assertThat(schedules.delete(TENANT, NAME)).isTrue();

        now = at("13:00").plusSeconds(1);
        assertThat(schedules.fire(INSTANCE)).isEmpty();
        assertThat(tasks()).isEmpty();
        assertThat(schedules.find(TENANT, NAME)).isEmpty();
        assertThat(schedules.firings(TENANT, NAME, 10)).isEmpty();
        assertThat(schedules.runNow(TENANT, NAME)).isEmpty();
    }

    @Test
    void whatIsNoScheduleIsRefused() {
        for (Plan wrong :
                List.of(
                        new Plan("a/b", "0 * * * *", "UTC", MissedFirings.ONCE),
                        new Plan("", "0 * * * *", "UTC", MissedFirings.ONCE),
                        new Plan(NAME, "0 * * *", "UTC", MissedFirings.ONCE),
                        new Plan(NAME, "0 * * * *", "Mars", MissedFirings.ONCE))) {
            assertThatThrownBy(() -> schedules.put(TENANT, wrong, template()))
                    .as("%s", wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(schedules.list(TENANT)).isEmpty();
    }

    private static Instant at(String time) {
        return Instant.parse("2026-11-25T%s:00Z".formatted(time));
    }

    private Schedules.Put put(String cron, MissedFirings missed) {
        return schedules.put(TENANT, new Plan(NAME, cron, "UTC", missed), template());
    }

    private Invocation template() {
        FunctionSpec function =
                FunctionSpec.newBuilder()
                        .setName("Text.shout")
                        .setEntryPoint(new EntryPoint("a.Text", "shout", "()V", 6))
                        .setEnvironment(
                                new EnvironmentSpec(
                                        EnvironmentKind.JVM,
                                        "",
                                        List.of(),
                                        List.of(),
                                        Map.of(),
                                        "",
                                        false))
                        .setBundles(List.of())
                        .setMachineType("XS")
                        .build();
        return Invocation.newBuilder()
                .setCorrelationId("template")
                .setCreatedAt(now.toEpochMilli())
                .setFunction(ByteBuffer.wrap(Codec.current().encode(function)))
                .setArguments(new Payload(PayloadCodec.JSON, ByteBuffer.allocate(0), null))
                .setReplyPartition(-1)
                .setLimits(
                        Limits.newBuilder()
                                .setQueueDeadline(now.plus(Duration.ofHours(1)).toEpochMilli())
                                .setOverallDeadline(now.plus(Duration.ofHours(2)).toEpochMilli())
                                .setExecutionTimeoutMillis(7_000)
                                .build())
                .setJob(true)
                .build();
    }

    /** Ids of the jobs in the outbox, each of which has its task. */
    private List<String> jobs() {
        List<String> ids = lines("SELECT id FROM outbox WHERE tenant = 'acme' AND attempt = 1");
        assertThat(lines("SELECT task_instance FROM scheduled_tasks WHERE task_name = 'attempt'"))
                .containsExactlyInAnyOrderElementsOf(
                        ids.stream().map(id -> TENANT + "/" + id + "/1").toList());
        return ids;
    }

    private Invocation invocation() {
        byte[] envelope =
                database.transaction(connection -> {
                    try (Statement statement = connection.createStatement();
                            ResultSet row = statement.executeQuery("SELECT envelope FROM outbox")) {
                        assertThat(row.next()).isTrue();
                        return row.getBytes(1);
                    }
                });
        ByteBuffer invocation =
                Codec.current().decode(envelope, InvocationEnvelope.class).getInvocation();
        byte[] bytes = new byte[invocation.remaining()];
        invocation.get(bytes);
        return Codec.current().decode(bytes, Invocation.class);
    }

    private List<String> tasks() {
        return lines(
                "SELECT to_char(execution_time AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
                        + " FROM scheduled_tasks WHERE task_name = 'schedule'");
    }

    private List<String> lines(String sql) {
        return database.transaction(connection -> {
            List<String> lines = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
            return lines;
        });
    }
}
