package dev.athanor.standalone.command;

import dev.athanor.api.AthanorClient;
import dev.athanor.standalone.AgentSettings;
import dev.athanor.standalone.Standalone;
import dev.athanor.standalone.StandaloneConfig;
import dev.athanor.standalone.demo.Tour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Takes a short tour on an all-in-one process of its own. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts Kafka and one agent in this process, takes a short tour of what isolated functions"
                    + " do, and ends.",
            "Uses free ports and a temporary folder, and leaves nothing behind."
        })
final class DemoCommand implements Callable<Integer> {
    private static final Map<String, Integer> SLOTS = Map.of("XS", 2, "M", 1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("athanor-demo-");
        Thread cleanUp = Thread.ofPlatform().unstarted(() -> delete(folder));
        Runtime.getRuntime().addShutdownHook(cleanUp);
        Logs.writeTo(folder.resolve("logs"));
        System.out.println("Starting Kafka and one agent in this process …");
        long begin = System.nanoTime();
        try (Standalone standalone =
                        Standalone.start(StandaloneConfig.of(folder, AgentSettings.of(SLOTS)));
                AthanorClient client =
                        AthanorClient.builder()
                                .bootstrapServers(standalone.bootstrapServers())
                                .build()) {
            System.out.printf("… ready after %.1f s.%n", (System.nanoTime() - begin) / 1e9);
            new Tour(client, System.out).run();
        }
        return 0;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("athanor: could not delete " + folder + ": " + e.getMessage());
        }
    }
}
