package dev.athanor.agent.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.agent.kafka.ClientSettings;
import dev.athanor.agent.testing.Cluster;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.VolumeClaim;
import dev.athanor.schemas.cluster.ClusterSetup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Agents that join one cluster, each with a volume. Every test begins and ends without claims. */
class VolumeChoiceIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir private Path temp;
    private ClientSettings clients;
    private Admin admin;
    private Producer<byte[], byte[]> producer;

    @BeforeEach
    void begin() throws Exception {
        clients = new ClientSettings(CLUSTER.bootstrapServers(), "volumes", Map.of());
        admin = Admin.create(clients.admin());
        new ClusterSetup(admin, TIMEOUT).apply(List.of("default"), List.of("XS"));
        producer = clients.producer();
        withdrawAll();
    }

    @AfterEach
    void end() throws Exception {
        withdrawAll();
        producer.close();
        admin.close();
    }

    private void withdrawAll() throws InterruptedException {
        VolumeClaims claims = claims();
        for (Optional<VolumeClaim> standing = claims.standing();
                standing.isPresent();
                standing = claims.standing()) {
            claims.withdraw(standing.get().getId());
        }
    }

    private VolumeClaims claims() {
        return new VolumeClaims(
                () -> clients.follower("volumes"), producer, TIMEOUT, System::nanoTime);
    }

    private VolumeChoice agent(String id) {
        return new VolumeChoice(id, claims());
    }

    private Path volume(String name) {
        return temp.resolve(name);
    }

    private void copyId(String from, String to) throws IOException {
        Files.createDirectories(volume(to));
        Files.copy(volume(from).resolve(VolumeId.FILE), volume(to).resolve(VolumeId.FILE));
    }

    @Test
    void theFirstAgentsVolumeIsTheClusters() throws Exception {
        DataVolume first = agent("a").declared(volume("a"));

        assertThat(first.path()).isEqualTo(volume("a").toRealPath());
        assertThat(agent("a").declared(volume("a"))).isEqualTo(first);
        copyId("a", "mounted-elsewhere");
        assertThat(agent("b").declared(volume("mounted-elsewhere")).id()).isEqualTo(first.id());
    }

    @Test
    void aVolumeOfAnotherIdMayNotJoin() throws Exception {
        String id = agent("a").declared(volume("a")).id();
        String other = VolumeId.readOrMake(Files.createDirectory(volume("b")));

        assertThatExceptionOfType(DataVolumeException.class)
                .isThrownBy(() -> agent("b").declared(volume("b")))
                .withMessageContaining("may not join")
                .withMessageContaining("carries the id " + other)
                .withMessageContaining("carries the id " + id)
                .withMessageContaining(volume("a").toString())
                .withMessageContaining("agent a");
    }

    @Test
    void aVolumeWithoutIdMayNotJoinAndGetsNone() throws Exception {
        agent("a").declared(volume("a"));

        assertThatExceptionOfType(DataVolumeException.class)
                .isThrownBy(() -> agent("b").declared(volume("not-mounted")))
                .withMessageContaining("carries no id");
        assertThat(VolumeId.read(volume("not-mounted"))).isEmpty();
    }

    @Test
    void ofAgentsThatStartAtOnceOneDecides() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<DataVolume>> starts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "agent-" + i;
                starts.add(threads.submit(() -> agent(name).declared(volume(name))));
            }
            int joined = 0;
            for (Future<DataVolume> start : starts) {
                try {
                    start.get();
                    joined++;
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(DataVolumeException.class);
                }
            }
            assertThat(joined).isEqualTo(1);
            claims().withdraw(claims().standing().orElseThrow().getId());
            assertThat(claims().standing()).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void agentsThatAreGivenNoneShareTheFirstOnesWhereItIsAtHand() throws Exception {
        DataVolume first = agent("a").undeclared(volume("a"));

        DataVolume second = agent("b").undeclared(volume("b"));

        assertThat(second).isEqualTo(first);
        assertThat(second.warning()).isEmpty();
    }

    @Test
    void anAgentThatDoesNotFindItHasItsOwnAndSaysSo() throws Exception {
        agent("a").undeclared(volume("a"));
        Files.move(volume("a"), volume("on-another-machine"));

        DataVolume second = agent("b").undeclared(volume("b"));

        assertThat(second.path()).isEqualTo(volume("b").toRealPath());
        assertThat(second.warning().orElseThrow())
                .contains(volume("a").toString())
                .contains("agent, a,")
                .contains("--data-volume");
    }

    @Test
    void anOperatorsVolumeStandsBeforeOnesThatNobodyNamed() throws Exception {
        agent("a").undeclared(volume("a"));

        DataVolume declared = agent("b").declared(volume("b"));

        assertThat(agent("c").undeclared(volume("c"))).isEqualTo(declared);
        assertThat(agent("a").undeclared(volume("a"))).isEqualTo(declared);
    }

    @Test
    void anAgentThatIsGivenNoneMayNotJoinWhereTheOperatorsIsNotAtHand() throws Exception {
        agent("a").declared(volume("a"));
        Files.move(volume("a"), volume("on-another-machine"));

        assertThatExceptionOfType(DataVolumeException.class)
                .isThrownBy(() -> agent("b").undeclared(volume("b")))
                .withMessageContaining("may not join");
        assertThatExceptionOfType(DataVolumeException.class)
                .isThrownBy(() ->
                        CLUSTER.agent(
                                        "refused",
                                        Map.of("XS", 1),
                                        volume("agent"),
                                        new SimpleMeterRegistry(),
                                        config -> config.withDataVolume(Optional.of(volume("c"))))
                                .close())
                .withMessageContaining("may not join");
    }

    @Test
    void recordsThatCannotBeReadChangeNothing() throws Exception {
        producer.send(new ProducerRecord<>(Topics.VOLUMES, 0, new byte[] {1}, new byte[] {2}))
                .get();
        producer.send(new ProducerRecord<>(Topics.VOLUMES, 0, new byte[] {1}, null)).get();

        assertThat(agent("a").declared(volume("a")).path()).isEqualTo(volume("a").toRealPath());
    }
}
