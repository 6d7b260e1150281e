package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** A dispatcher in a process of its own, to be killed. */
public final class DispatcherProcess {
    private DispatcherProcess() {}

    public static Process start(String name, String servers, String url) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DispatcherProcess.class.getName(),
                        name,
                        servers,
                        url)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Ends with its standard input, so that none outlives the test. */
    public static void main(String[] args) throws Exception {
        // A few events a transaction, so that a kill comes between many of them.
        Map<String, String> smallSteps =
                Map.of("max.poll.records", "7", "session.timeout.ms", "6000");
        DispatcherConfig plain = DispatcherConfig.of(args[0], args[1]);
        DispatcherConfig config =
                new DispatcherConfig(
                                plain.id(),
                                plain.bootstrapServers(),
                                plain.tenant(),
                                plain.patience(),
                                plain.attempts(),
                                smallSteps,
                                plain.credentials(),
                                plain.database(),
                                plain.http(),
                                plain.maxQueuedJobs(),
                                plain.privateWebhooks())
                        .withDatabase(args[2]);
        Dispatcher dispatcher =
                Dispatcher.start(config, new SimpleMeterRegistry(), InstantSource.system());
        System.in.transferTo(OutputStream.nullOutputStream());
        dispatcher.close();
    }
}
