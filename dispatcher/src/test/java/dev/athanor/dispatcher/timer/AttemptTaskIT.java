package dev.athanor.dispatcher.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.dispatcher.ledger.DispatcherProcess;
import dev.athanor.dispatcher.ledger.Ledger;
import dev.athanor.dispatcher.outbox.AttemptKey;
import dev.athanor.dispatcher.outbox.Outbox;
import dev.athanor.dispatcher.timer.FencedProducer.Entry;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.keys.OneTenant;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Attempts that wait for their time, with dispatchers that die between any two steps. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AttemptTaskIT {
    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir private Path folder;
    private TimersCluster cluster;
    private Outbox outbox;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        cluster = TimersCluster.start(folder);
        outbox = new Outbox(cluster.database());
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        cluster.close();
    }

    @Test
    void whoDiedBeforeItWroteIsFollowedByOneWhoWrites() throws Exception {
        Ledger ledger = opened(cluster.ledger());
        AttemptKey key = waiting(1);
        FencedProducer died = opened(FencedProducer.open(cluster::transactional));
        outbox.claim(key, died.id());

        task(ledger).run(key);

        assertThat(cluster.queue()).containsExactly(key.id() + "/2");
        assertThat(cluster.lines("SELECT id FROM outbox")).isEmpty();
        assertThatThrownBy(() -> write(died, key))
                .as("one that was only frozen writes nothing more")
                .isInstanceOf(KafkaException.class);
        assertThat(cluster.queue()).containsExactly(key.id() + "/2");
    }

    @Test
    void whoDiedAfterItWroteIsFollowedByOneWhoFindsThatOut() throws Exception {
        Ledger ledger = opened(cluster.ledger());
        AttemptKey key = waiting(1);
        FencedProducer died = opened(FencedProducer.open(cluster::transactional));
        outbox.claim(key, died.id());
        write(died, key);

        task(ledger).run(key);

        assertThat(cluster.queue()).containsExactly(key.id() + "/2");
        assertThat(cluster.lines("SELECT id FROM outbox")).isEmpty();
    }

    @Test
    void anAttemptThatRanAlreadySinceItsAgentWasLostIsNotRunAgain() throws Exception {
        Ledger ledger = opened(cluster.ledger());
        AttemptKey key = waiting(1);
        cluster.send(TimersCluster.event(key.id().toString(), JobState.RUNNING, 2).build());
        awaitState("RUNNING");

        task(ledger).run(key);

        assertThat(cluster.queue()).isEmpty();
        assertThat(cluster.lines("SELECT id FROM outbox")).isEmpty();
    }

    @Test
    void aJobThatIsCancelledWhileItWaitsEndsAndNeverRuns() throws Exception {
        Ledger ledger = opened(cluster.ledger());
        AttemptKey key = waiting(1);

        assertThat(outbox.cancel(key.tenant(), key.id(), Instant.now())).isTrue();
        task(ledger).run(key);

        awaitState("CANCELLED");
        assertThat(cluster.queue()).isEmpty();
        assertThat(cluster.lines("SELECT attempt FROM jobs")).containsExactly("1");
        assertThat(outbox.cancel(key.tenant(), key.id(), Instant.now())).isFalse();
    }

    @Test
    void whatSomebodySetAboutWritingCannotBeCancelledForSure() throws Exception {
        Ledger _ = opened(cluster.ledger());
        AttemptKey key = waiting(1);
        outbox.claim(key, "athanor.outbox.other");

        assertThat(outbox.cancel(key.tenant(), key.id(), Instant.now())).isFalse();
    }

    @Test
    void dispatchersThatAreKilledAnywhereWriteEachAttemptOnce() throws Exception {
        int jobs = 400;
        List<Process> started = new ArrayList<>();
        try {
            started.add(process("a"));
            started.add(process("b"));
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                String id = TimersCluster.id(i);
                cluster.send(TimersCluster.retrying(id, Duration.ofMillis(10L * i)));
                expected.add(id + "/2");
            }
            for (int round = 1; round <= 3; round++) {
                int written = round * jobs / 8;
                await().atMost(SOON).until(() -> cluster.queue().size() >= written);
                int victim = round % 2;
                started.get(victim).destroyForcibly().waitFor();
                started.set(victim, process("c" + round));
            }

            await().atMost(SOON).until(() -> cluster.lines("SELECT id FROM outbox").isEmpty());
            assertThat(cluster.queue()).containsExactlyInAnyOrderElementsOf(expected);
            await().atMost(SOON)
                    .until(() -> cluster.lines("SELECT 1 FROM scheduled_tasks").isEmpty());
        } finally {
            started.forEach(Process::destroyForcibly);
        }
    }

    private Process process(String name) throws Exception {
        return DispatcherProcess.start(name, cluster.bootstrapServers(), cluster.url());
    }

    /** An attempt that the ledger has put into the outbox, whose time has not come. */
    private AttemptKey waiting(long number) throws Exception {
        String id = TimersCluster.id(number);
        cluster.send(TimersCluster.retrying(id, Duration.ofHours(1)));
        await().atMost(SOON).until(() -> !cluster.lines("SELECT id FROM outbox").isEmpty());
        assertThat(cluster.lines("SELECT state FROM jobs")).containsExactly("RETRYING");
        assertThat(cluster.lines("SELECT task_instance FROM scheduled_tasks"))
                .containsExactly("default/" + id + "/2");
        return new AttemptKey(TimersCluster.TENANT, UUID.fromString(id), 2);
    }

    private AttemptTask task(Ledger ledger) {
        return opened(
                new AttemptTask(
                        outbox,
                        cluster.jobs(ledger),
                        new OneTenant(TimersCluster.TENANT),
                        cluster::transactional,
                        id -> Timers.fence(cluster.admin(), id),
                        InstantSource.system()));
    }

    private static void write(FencedProducer producer, AttemptKey key) {
        String id = key.id().toString();
        producer.write(
                id,
                new Entry(TimersCluster.QUEUE, TimersCluster.envelope(id, 2)),
                new Entry(
                        Topics.JOBS,
                        TimersCluster.event(id, JobState.QUEUED, 2).setAgent("").build()));
    }

    private void awaitState(String state) {
        await().atMost(SOON)
                .until(() -> cluster.lines("SELECT state FROM jobs").equals(List.of(state)));
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }
}
