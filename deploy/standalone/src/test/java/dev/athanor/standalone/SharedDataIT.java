package dev.athanor.standalone;

import static dev.athanor.api.Athanor.S;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.syncDir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.AthanorClient;
import dev.athanor.api.Option;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agents as processes that share a data volume, and one that dies while it is synced to. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SharedDataIT {
    private static final int FILES = 40;
    private static final int BYTES = 1_500_000;

    @TempDir private Path folder;
    private EmbeddedKafka kafka;
    private Dispatcher dispatcher;
    private AgentProcesses agents;
    private AthanorClient client;

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
    void aSyncOutlivesAnAgentThatIsKilledInIt() throws Exception {
        Process first = agents.start("first", "S=2");
        Path local = Files.createDirectory(folder.resolve("local"));
        Random random = new Random(3);
        for (int i = 0; i < FILES; i++) {
            byte[] bytes = new byte[BYTES];
            random.nextBytes(bytes);
            Files.write(local.resolve("file-" + i), bytes);
        }
        Option[] there = {host(cloud(client)), machineType(S)};
        CompletableFuture<String> sync =
                CompletableFuture.supplyAsync(() -> syncDir(local, "/data/shared", there));
        Path staged = folder.resolve("first/data/default/.athanor/sync");
        await().atMost(Duration.ofMinutes(1)).until(() -> files(staged) > 3);

        first.destroyForcibly();
        agents.start("second", "S=2");

        assertThat(sync.get(3, TimeUnit.MINUTES)).isEqualTo("/data/shared");
        Path synced = folder.resolve("first/data/default/shared");
        for (int i = 0; i < FILES; i++) {
            assertThat(synced.resolve("file-" + i))
                    .hasSameBinaryContentAs(local.resolve("file-" + i));
        }
        assertThat(isolated(Errands::sizeOfData, there).call("shared/file-7"))
                .isEqualTo((long) BYTES);
        assertThat(folder.resolve("second/data")).isEmptyDirectory();
    }

    private static long files(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            return files.filter(Files::isRegularFile).count();
        } catch (IOException e) {
            return 0;
        }
    }
}
