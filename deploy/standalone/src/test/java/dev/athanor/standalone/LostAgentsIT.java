package dev.athanor.standalone;

import static dev.athanor.api.Athanor.S;
import static dev.athanor.api.Athanor.XS;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.onEnd;
import static dev.athanor.api.Athanor.whenUnserved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.AthanorClient;
import dev.athanor.api.CallInfo;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.LostException;
import dev.athanor.api.Option;
import dev.athanor.api.UnservedException;
import dev.athanor.api.WhenUnserved;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agents as processes that are killed, frozen, cut off and restarted while they run calls. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LostAgentsIT {
    @TempDir private Path folder;
    private EmbeddedKafka kafka;
    private Dispatcher dispatcher;
    private AgentProcesses agents;
    private AthanorClient client;
    private final Queue<CallInfo> ended = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void startCluster() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        dispatcher =
                Dispatcher.start(
                        DispatcherConfig.of("supervisor", kafka.bootstrapServers())
                                .withPatience(AgentProcesses.PATIENCE),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
        agents = new AgentProcesses(kafka.bootstrapServers(), folder);
        client = AthanorClient.builder().bootstrapServers(kafka.bootstrapServers()).build();
    }

    @AfterEach
    void stopCluster() {
        client.close();
        agents.close();
        dispatcher.close();
        kafka.close();
    }

    @Test
    void shortCallsPassALongOneAndWhatItsAgentDiedWithRunsOnceMore() throws Exception {
        Process first = agents.start("first", "S=2");
        CompletableFuture<String> longCall = runUntil("go-on", S);
        await().atMost(Duration.ofSeconds(60)).until(() -> runs().size() == 1);
        List<Integer> numbers = IntStream.range(0, 5_000).boxed().toList();

        assertThat(isolated(Errands::twice, host(cloud(client)), machineType(S)).map(numbers))
                .containsExactlyElementsOf(numbers.stream().map(n -> 2 * n).toList());
        assertThat(longCall).as("the call that they passed").isNotDone();

        agents.start("second", "S=2");
        first.destroyForcibly();
        await().atMost(Duration.ofMinutes(1)).until(() -> runs().size() == 2);
        Files.createFile(folder.resolve("go-on"));

        assertThat(longCall.get(3, TimeUnit.MINUTES)).isEqualTo("ran");
        assertThat(runs()).extracting(Run::attempt).containsExactly(1, 2);
        assertThat(ended).extracting(CallInfo::attempts).containsExactly(2);
        assertThat(ended).extracting(CallInfo::agent).containsExactly("second");
    }

    @Test
    void whatAFrozenAgentHadRunsElsewhereAndItGivesItUpWhenItThaws() throws Exception {
        Process first = agents.start("first", "XS=1");
        CompletableFuture<String> call = runUntil("go-on", XS);
        await().atMost(Duration.ofSeconds(60)).until(() -> runs().size() == 1);
        agents.start("second", "XS=1");

        AgentProcesses.signal(first, "STOP");
        await().atMost(Duration.ofMinutes(1)).until(() -> runs().size() == 2);
        AgentProcesses.signal(first, "CONT");

        await().atMost(Duration.ofMinutes(1)).until(() -> !isAlive(runs().getFirst()));
        Files.createFile(folder.resolve("go-on"));
        assertThat(call.get(3, TimeUnit.MINUTES)).isEqualTo("ran");
        assertThat(runs()).hasSize(2);
        assertThat(ended).extracting(CallInfo::attempts).containsExactly(2);
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void anAgentThatIsCutOffGivesUpWhatItRunsAndGoesOnWhenKafkaIsBack() throws Exception {
        Process agent = agents.start("first", "XS=1");
        CompletableFuture<String> call = runUntil("go-on", XS);
        await().atMost(Duration.ofSeconds(60)).until(() -> runs().size() == 1);
        int port = URI.create("kafka://" + kafka.bootstrapServers()).getPort();

        kafka.close();
        await().atMost(Duration.ofMinutes(1)).until(() -> !isAlive(runs().getFirst()));
        assertThat(call).isNotDone();
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), port);
        await().atMost(Duration.ofMinutes(2)).until(() -> runs().size() == 2);
        Files.createFile(folder.resolve("go-on"));

        assertThat(call.get(3, TimeUnit.MINUTES)).isEqualTo("ran");
        assertThat(runs()).extracting(Run::attempt).containsExactly(1, 2);
        assertThat(agent.isAlive()).isTrue();
    }

    @Test
    void aCallThatKillsItsAgentIsLostAfterThreeAttempts() throws Exception {
        Process agent = agents.start("agent-0", "XS=1");
        CompletableFuture<String> call =
                isolated(Errands::killAgent, options(XS)).submit(folder.resolve("runs").toString());
        for (int life = 1; life < 3; life++) {
            assertThat(agent.waitFor(1, TimeUnit.MINUTES)).isTrue();
            agent = agents.start("agent-" + life, "XS=1");
        }
        assertThat(agent.waitFor(1, TimeUnit.MINUTES)).isTrue();
        agents.start("survivor", "XS=1");

        assertThatThrownBy(() -> call.get(3, TimeUnit.MINUTES))
                .cause()
                .isInstanceOf(LostException.class)
                .hasMessageContaining("all of its 3 attempts were lost");
        assertThat(runs()).extracting(Run::attempt).containsExactly(1, 2, 3);
        assertThat(ended).extracting(CallInfo::attempts).containsExactly(3);
    }

    @Test
    void aFunctionSeesThatAnEarlierAttemptWasLost() throws Exception {
        Process first = agents.start("first", "XS=1");
        CompletableFuture<Integer> call =
                isolated(Errands::killAgentOnFirstAttempt, options(XS))
                        .submit(folder.resolve("runs").toString());
        assertThat(first.waitFor(1, TimeUnit.MINUTES)).isTrue();
        agents.start("second", "XS=1");

        assertThat(call.get(3, TimeUnit.MINUTES)).isEqualTo(2);
        assertThat(ended).extracting(CallInfo::attempts).containsExactly(2);
    }

    @Test
    void whereTheLastAgentOfAMachineTypeDiedCallsWaitOrFailAsTheyChose() throws Exception {
        Process first = agents.start("first", "XS=1");
        IsolatedFunction1<Integer, Integer> waits = isolated(Errands::twice, options(XS));
        IsolatedFunction1<Integer, Integer> fails = waits.on(whenUnserved(WhenUnserved.FAIL));
        assertThat(fails.call(1)).isEqualTo(2);

        first.destroyForcibly();
        CompletableFuture<Integer> waiting = waits.submit(2);
        assertThatThrownBy(() -> fails.submit(3).get(1, TimeUnit.MINUTES))
                .as("sent before anybody could know")
                .cause()
                .isInstanceOf(UnservedException.class);
        assertThatThrownBy(() -> fails.call(4))
                .isInstanceOf(UnservedException.class)
                .hasMessageContaining("no live agent serves machine type XS");
        assertThat(waiting).isNotDone();

        agents.start("second", "XS=1");
        assertThat(waiting.get(2, TimeUnit.MINUTES)).isEqualTo(4);
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptionsInstanceOf(UnservedException.class)
                .until(() -> fails.call(5) == 10);
    }

    @Test
    void aBatchWhoseAgentDiesBeforeRunningItCostsNobodyAnAttempt() throws Exception {
        Process first = agents.start("first", "XS=1");
        IsolatedFunction1<Integer, Integer> attempt = isolated(Errands::attempt, options(XS));
        IsolatedFunction1<String, Integer> killer =
                isolated(Errands::killAgentOnFirstRun, options(XS));
        await().atMost(Duration.ofMinutes(2))
                .until(() -> {
                    assertThat(attempt.map(IntStream.range(0, 500).boxed().toList())).hasSize(500);
                    return takesMany();
                });

        List<CompletableFuture<Integer>> calls =
                IntStream.range(0, 400).mapToObj(attempt::submit).toList();
        CompletableFuture<Integer> killing = killer.submit(folder.resolve("runs").toString());
        List<CompletableFuture<Integer>> further =
                IntStream.range(0, 400).mapToObj(attempt::submit).toList();
        assertThat(first.waitFor(1, TimeUnit.MINUTES)).isTrue();
        agents.start("second", "XS=1");

        assertThat(calls)
                .allSatisfy(call -> assertThat(call.get(3, TimeUnit.MINUTES)).isEqualTo(1));
        assertThat(further)
                .allSatisfy(call -> assertThat(call.get(3, TimeUnit.MINUTES)).isEqualTo(1));
        // It did start: that is known, and charged, where its slot had gone back to one at a time.
        assertThat(killing.get(3, TimeUnit.MINUTES)).isBetween(1, 2);
    }

    @Test
    void aRollingRestartOfAllAgentsUnderLoadFailsNoCall() throws Exception {
        List<Process> running =
                List.of(
                        agents.start("agent-0", "XS=1"),
                        agents.start("agent-1", "XS=1"),
                        agents.start("agent-2", "XS=1"));
        IsolatedFunction1<Integer, Integer> slowly =
                isolated(
                        Errands::slowlyTwice,
                        host(cloud(client)),
                        machineType(XS),
                        onEnd(ended::add));
        List<CompletableFuture<Integer>> calls =
                IntStream.range(0, 3_000).mapToObj(slowly::submit).toList();

        for (int i = 0; i < running.size(); i++) {
            int done = ended.size();
            await().atMost(Duration.ofMinutes(1)).until(() -> ended.size() > done + 50);
            running.get(i).destroy();
            assertThat(running.get(i).waitFor(1, TimeUnit.MINUTES)).isTrue();
            agents.start("agent-" + (i + 3), "XS=1");
        }

        assertThat(calls).as("calls left at the last restart").anyMatch(call -> !call.isDone());
        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).get(2, TimeUnit.MINUTES)).isEqualTo(2 * i);
        }
        assertThat(ended).extracting(CallInfo::attempts).containsOnly(1);
    }

    private boolean takesMany() {
        return dispatcher.agents().agents().stream()
                .flatMap(agent -> agent.status().getSlots().stream())
                .anyMatch(slot -> slot.getTakesMany());
    }

    private CompletableFuture<String> runUntil(String file, String type) {
        return isolated(Errands::runUntil, options(type))
                .submit(folder.resolve("runs").toString(), folder.resolve(file).toString());
    }

    private Option[] options(String type) {
        return new Option[] {host(cloud(client)), machineType(type), onEnd(ended::add)};
    }

    /** A run as its function noted it. */
    private record Run(int attempt, long processId) {
        static Run parse(String line) {
            int space = line.indexOf(' ');
            return new Run(
                    Integer.parseInt(line.substring(0, space)),
                    Long.parseLong(line.substring(space + 1)));
        }
    }

    private List<Run> runs() throws IOException {
        Path runs = folder.resolve("runs");
        return Files.exists(runs)
                ? Files.readAllLines(runs).stream().map(Run::parse).toList()
                : List.of();
    }

    private static boolean isAlive(Run run) {
        return ProcessHandle.of(run.processId()).map(ProcessHandle::isAlive).orElse(false);
    }
}
