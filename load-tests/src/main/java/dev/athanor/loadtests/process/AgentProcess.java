package dev.athanor.loadtests.process;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.agent.life.BeatSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** An agent in a process of its own, wired as {@code athanor agent} wires it. */
public final class AgentProcess {
    private AgentProcess() {}

    /**
     * What such an agent is.
     *
     * @param machineType that it serves
     * @param patience how long it may go without a durable heartbeat
     * @param drain how long SIGTERM waits for running calls
     */
    public record Settings(
            String bootstrapServers,
            String machineType,
            int slots,
            Duration patience,
            Duration drain) {}

    /** Starts one, and does not wait for it. */
    public static ChildProcess start(String id, Path folder, Settings settings) throws IOException {
        return ChildProcess.start(
                id,
                folder,
                "256m",
                AgentProcess.class,
                id,
                folder.toString(),
                settings.bootstrapServers(),
                settings.machineType(),
                Integer.toString(settings.slots()),
                settings.patience().toString(),
                settings.drain().toString());
    }

    /** Runs until SIGTERM. */
    public static void main(String[] arguments) throws InterruptedException {
        AgentConfig config =
                AgentConfig.of(
                                arguments[0],
                                arguments[2],
                                Map.of(arguments[3], Integer.parseInt(arguments[4])),
                                Path.of(arguments[1]))
                        .withBeats(BeatSettings.withPatience(Duration.parse(arguments[5])))
                        .withDrain(Duration.parse(arguments[6]));
        AtShutdown.close(Agent.start(config, new SimpleMeterRegistry(), InstantSource.system()));
        ChildProcess.sayReady();
        new CountDownLatch(1).await();
    }
}
