package dev.athanor.loadtests.jobs;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.XS;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.machineType;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.dispatcher.metrics.DispatcherMetric;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.EmbeddedPostgres;
import dev.athanor.loadtests.RoundTrips;
import dev.athanor.loadtests.process.TemporaryFolder;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterSetup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A broker, a database and an agent with a hot no-op function; and a dispatcher now and then. */
final class JobsSetting implements AutoCloseable {
    private static final int SLOTS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TemporaryFolder folder;
    private final EmbeddedKafka kafka;
    private final EmbeddedPostgres postgres;
    private final Agent agent;
    private final AthanorClient client;
    private final IsolatedFunction1<Integer, Integer> noOp;
    private final KafkaProducer<byte[], byte[]> producer;
    private final HttpClient http = HttpClient.newHttpClient();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MadeJobs jobs = new MadeJobs();
    private @Nullable Dispatcher dispatcher;

    private JobsSetting(
            TemporaryFolder folder,
            EmbeddedKafka kafka,
            EmbeddedPostgres postgres,
            Agent agent,
            AthanorClient client,
            IsolatedFunction1<Integer, Integer> noOp) {
        this.folder = folder;
        this.kafka = kafka;
        this.postgres = postgres;
        this.agent = agent;
        this.client = client;
        this.noOp = noOp;
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "acks",
                                "all",
                                "linger.ms",
                                "0"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    static JobsSetting start() throws IOException, InterruptedException {
        TemporaryFolder folder = TemporaryFolder.create("athanor-bench-");
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.path().resolve("postgres"));
        EmbeddedKafka kafka = EmbeddedKafka.start(folder.path().resolve("kafka"), 0);
        String servers = kafka.bootstrapServers();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            // Jobs are submitted for a machine type that nobody serves: they are not to run.
            new ClusterSetup(admin, PATIENCE)
                    .apply(List.of(DispatcherConfig.DEFAULT_TENANT), List.of(M, XS));
        }
        Agent agent =
                Agent.start(
                        AgentConfig.of(
                                "bench", servers, Map.of(M, SLOTS), folder.path().resolve("agent")),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
        AthanorClient client = AthanorClient.builder().bootstrapServers(servers).build();
        IsolatedFunction1<Integer, Integer> noOp =
                isolated(
                        NoOp::run,
                        machineType(M),
                        keepAlive(Duration.ofMinutes(30)),
                        host(cloud(client)));
        noOp.call(0);
        return new JobsSetting(folder, kafka, postgres, agent, client, noOp);
    }

    void startDispatcher() throws InterruptedException {
        Dispatcher started =
                Dispatcher.start(
                        DispatcherConfig.of("bench", kafka.bootstrapServers())
                                .withDatabase(postgres.url())
                                .withMaxQueuedJobs(Integer.MAX_VALUE)
                                .withHttp(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        registry,
                        InstantSource.system());
        dispatcher = started;
        long begin = System.nanoTime();
        while (!started.isReady()) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IllegalStateException("the dispatcher is not ready");
            }
            boolean _ = new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
        }
    }

    void stopDispatcher() {
        running().close();
        dispatcher = null;
    }

    private Dispatcher running() {
        Dispatcher present = dispatcher;
        if (present == null) {
            throw new IllegalStateException("there is no dispatcher");
        }
        return present;
    }

    /** Waits until the ledger has all events. */
    void awaitLedger() throws InterruptedException {
        running().jobs().orElseThrow().catchUp();
    }

    RoundTrips calls() {
        return () -> noOp.submit(1);
    }

    /** What a submission writes, without one. */
    RoundTrips produces() {
        return () -> {
            CompletableFuture<Void> written = new CompletableFuture<>();
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    Topics.invocations(XS), Codec.current().encode(jobs.next())),
                            (metadata, failure) -> {
                                if (failure == null) {
                                    written.complete(null);
                                } else {
                                    written.completeExceptionally(failure);
                                }
                            });
            return written;
        };
    }

    RoundTrips submissions() {
        return () -> {
            HttpRequest request =
                    HttpRequest.newBuilder(running().http().orElseThrow().resolve("/v1/jobs"))
                            .header("Content-Type", "application/vnd.athanor.invocation")
                            .POST(BodyPublishers.ofByteArray(Codec.current().encode(jobs.next())))
                            .build();
            return http.sendAsync(request, BodyHandlers.ofString())
                    .thenAccept(answer -> {
                        if (answer.statusCode() != 202) {
                            throw new IllegalStateException(answer.body());
                        }
                    });
        };
    }

    /** How many events the dispatchers of this process have applied. */
    long applied() {
        return (long) registry.get(DispatcherMetric.LEDGER_APPLIED.meterName()).counter().count();
    }

    /** Writes as many events, those of a job one after the other. */
    void writeEvents(int events) {
        for (int i = 0; i < events / 2; i++) {
            jobs.events()
                    .forEach(event -> {
                        var _ =
                                producer.send(
                                        new ProducerRecord<>(
                                                Topics.JOBS,
                                                jobs.key(event),
                                                Codec.current().encode(event)));
                    });
        }
        producer.flush();
    }

    KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Where the events end. */
    Map<TopicPartition, Long> eventEnds() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            return consumer.endOffsets(
                    consumer.partitionsFor(Topics.JOBS).stream()
                            .map(each -> new TopicPartition(each.topic(), each.partition()))
                            .collect(Collectors.toSet()));
        }
    }

    @Override
    public void close() throws IOException {
        if (dispatcher != null) {
            stopDispatcher();
        }
        http.close();
        producer.close();
        client.close();
        agent.close();
        kafka.close();
        postgres.close();
        folder.close();
    }
}
