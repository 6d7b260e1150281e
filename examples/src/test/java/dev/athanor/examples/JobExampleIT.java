package dev.athanor.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.EmbeddedPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the reference says of jobs, on a cluster with a dispatcher that keeps them. */
class JobExampleIT {
    @Test
    void aJobIsSubmittedByOneProcessAndReadByAnother() throws Exception {
        try (Places places = Places.open();
                EmbeddedPostgres postgres =
                        EmbeddedPostgres.start(places.folder().resolve("postgres"));
                Dispatcher dispatcher =
                        Dispatcher.start(
                                DispatcherConfig.of("examples", places.kafka().bootstrapServers())
                                        .withDatabase(postgres.url())
                                        .withHttp(
                                                new InetSocketAddress(
                                                        InetAddress.getLoopbackAddress(), 0)),
                                new SimpleMeterRegistry(),
                                InstantSource.system())) {
            Map<String, String> cluster =
                    Map.of(
                            "ATHANOR_BOOTSTRAP_SERVERS",
                            places.kafka().bootstrapServers(),
                            "ATHANOR_DISPATCHER_URL",
                            dispatcher.http().orElseThrow().toString());

            List<String> submitted = Program.run(JobExample.class, cluster);

            assertThat(submitted).singleElement().asString().matches("[0-9a-f-]{36}");
            assertThat(Program.run(JobExample.class, cluster, submitted.get(0)))
                    .hasSize(2)
                    .endsWith("HELLO");

            List<String> batch = Program.run(BatchExample.class, cluster);
            assertThat(Program.run(BatchExample.class, cluster, batch.get(0)))
                    .containsExactly("1: 100", "2: 50", "3: 33", "4: 25", "0 failed", "4");
        }
    }
}
