package dev.athanor.dispatcher.http;

import static org.awaitility.Awaitility.await;

import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.EmbeddedPostgres;
import dev.athanor.schemas.cluster.ClusterSetup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A dispatcher that keeps jobs, on real servers and without an agent: the test plays those. */
record JobsDoor(
        EmbeddedPostgres postgres,
        EmbeddedKafka kafka,
        KafkaProducer<byte[], byte[]> producer,
        Dispatcher dispatcher,
        DescribedHttp http)
        implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static JobsDoor open(Path folder) throws Exception {
        return open(folder, DispatcherConfig.DEFAULT_MAX_QUEUED_JOBS);
    }

    static JobsDoor open(Path folder, int maxQueuedJobs) throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"));
        EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        Map<String, Object> servers = Map.of("bootstrap.servers", kafka.bootstrapServers());
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer());
        try (Admin admin = Admin.create(servers)) {
            new ClusterSetup(admin, PATIENCE)
                    .apply(List.of(DispatcherConfig.DEFAULT_TENANT), List.of("XS"));
        }
        Dispatcher dispatcher =
                Dispatcher.start(
                        DispatcherConfig.of("door", kafka.bootstrapServers())
                                .withDatabase(postgres.url())
                                .withMaxQueuedJobs(maxQueuedJobs)
                                .withPrivateWebhooks(true)
                                .withHttp(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
        DescribedHttp http = new DescribedHttp(dispatcher.http().orElseThrow());
        await().atMost(PATIENCE).until(dispatcher::isReady);
        return new JobsDoor(postgres, kafka, producer, dispatcher, http);
    }

    @Override
    public void close() {
        http.close();
        dispatcher.close();
        producer.close();
        kafka.close();
        postgres.close();
    }
}
