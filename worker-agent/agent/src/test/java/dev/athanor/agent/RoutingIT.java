package dev.athanor.agent;

import static dev.athanor.api.Athanor.L;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.repositories;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.Jobs;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.IsolatedFunction2;
import dev.athanor.api.Option;
import dev.athanor.schemas.Lane;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Three agents, and calls that are to find the one where they are hot. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RoutingIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final Duration HOT = Duration.ofMinutes(5);
    private static final int FUNCTIONS = 50;
    private static final int SLOTS = 2;

    @TempDir private Path folder;

    /** One for each agent: gauges of the same name would hide each other. */
    private final List<SimpleMeterRegistry> meters = new ArrayList<>();

    private final List<Agent> agents = new ArrayList<>();
    private AthanorClient client;

    @BeforeEach
    void start() throws InterruptedException {
        for (int number = 0; number < 3; number++) {
            agents.add(agent("routing-" + number));
        }
        client = CLUSTER.client();
    }

    private Agent agent(String id) throws InterruptedException {
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        meters.add(own);
        return CLUSTER.agent(
                id,
                Map.of(L, SLOTS),
                folder.resolve(id),
                own,
                config -> config.withMaxSandboxes(FUNCTIONS + SLOTS));
    }

    @AfterEach
    void stop() {
        client.close();
        agents.forEach(Agent::close);
    }

    @Test
    void fiftyFunctionsCalledInTurnAreHotFromTheirSecondCallOn() {
        List<IsolatedFunction<Long>> functions =
                IntStream.range(0, FUNCTIONS).mapToObj(this::processId).toList();
        List<Long> first = functions.stream().map(IsolatedFunction::call).toList();
        double hotBefore = calls("true");
        double coldBefore = calls("false");

        for (int round = 0; round < 4; round++) {
            List<Long> again = functions.stream().map(IsolatedFunction::call).toList();
            assertThat(differing(first, again)).as("round %d", round).isLessThanOrEqualTo(1);
        }

        double hot = calls("true") - hotBefore;
        double all = hot + calls("false") - coldBefore;
        assertThat(all).isEqualTo(4.0 * FUNCTIONS);
        assertThat(hot / all).isGreaterThanOrEqualTo(0.99);
        assertThat(new HashSet<>(first)).as("sandboxes of their own").hasSize(FUNCTIONS);
    }

    @Test
    void aSaturatedHotAgentSpillsToOthers() throws Exception {
        Path goOn = folder.resolve("go-on");
        IsolatedFunction2<String, String, String> wait =
                isolated(Jobs::markAndWaitFor, host(cloud(client)), machineType(L), keepAlive(HOT));
        Files.createFile(goOn);
        assertThat(wait.call(folder.resolve("warm").toString(), goOn.toString())).isEqualTo("ran");
        Files.delete(goOn);

        List<Path> marks =
                IntStream.range(0, 3 * SLOTS).mapToObj(n -> folder.resolve("run-" + n)).toList();
        List<CompletableFuture<String>> calls =
                marks.stream().map(mark -> wait.submit(mark.toString(), goOn.toString())).toList();

        await().atMost(Duration.ofSeconds(60)).until(() -> marks.stream().allMatch(Files::exists));
        Files.createFile(goOn);
        assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo("ran"));
    }

    @Test
    void aCallerWithoutHintsIsForwardedToTheHotAgentOnce() {
        long sandbox = processId(100).call();
        await().until(() -> sandboxes("idle") >= 1);

        try (AthanorClient stranger = CLUSTER.client()) {
            IsolatedFunction<Long> same =
                    isolated(
                            Jobs::processId,
                            host(cloud(stranger)),
                            machineType(L),
                            keepAlive(HOT),
                            repository(100));
            Set<Long> found = new HashSet<>();
            await().pollDelay(Duration.ofMillis(1500)).untilAsserted(() -> found.add(same.call()));

            assertThat(found).containsExactly(sandbox);
            assertThat(republished("hot-elsewhere")).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void anAgentThatLeavesTakesItsLaneAlongAndItsCallsGoOn() throws Exception {
        List<IsolatedFunction<Long>> functions =
                IntStream.range(200, 206).mapToObj(this::processId).toList();
        functions.forEach(IsolatedFunction::call);

        agents.removeFirst().close();

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", CLUSTER.bootstrapServers()))) {
            assertThat(admin.listTopics().names().get())
                    .doesNotContain(new Lane("routing-0", L).topic())
                    .contains(new Lane("routing-1", L).topic());
        }
        List<CompletableFuture<Long>> calls =
                functions.stream().map(IsolatedFunction::submit).toList();
        assertThat(calls)
                .allSatisfy(call -> assertThat(call.get(60, TimeUnit.SECONDS)).isPositive());
    }

    /** A function with a sandbox of its own: its repositories are part of its environment. */
    private IsolatedFunction<Long> processId(int number) {
        return isolated(
                Jobs::processId,
                host(cloud(client)),
                machineType(L),
                keepAlive(HOT),
                repository(number));
    }

    private static Option repository(int number) {
        return repositories("r%d::https://repo%d.invalid/maven2/".formatted(number, number));
    }

    private static long differing(List<Long> one, List<Long> other) {
        return IntStream.range(0, one.size()).filter(i -> !one.get(i).equals(other.get(i))).count();
    }

    private double calls(String hot) {
        return meters.stream()
                .flatMap(own -> own.find("athanor.calls").tag("hot", hot).counters().stream())
                .mapToDouble(Counter::count)
                .sum();
    }

    private double republished(String reason) {
        return meters.stream()
                .map(own -> own.find("athanor.invocations.republished").tag("reason", reason))
                .flatMap(found -> found.counters().stream())
                .mapToDouble(Counter::count)
                .sum();
    }

    private double sandboxes(String state) {
        return meters.stream()
                .map(own -> own.find("athanor.sandboxes").tag("state", state))
                .flatMap(found -> found.gauges().stream())
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }
}
