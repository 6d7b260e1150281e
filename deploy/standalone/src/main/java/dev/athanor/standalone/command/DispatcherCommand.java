package dev.athanor.standalone.command;

import dev.athanor.agent.metrics.MetricsEndpoint;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.standalone.ClusterAccess;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a dispatcher of its own. */
@Command(
        name = "dispatcher",
        mixinStandardHelpOptions = true,
        description = {
            "Looks after a cluster, until Ctrl-C or SIGTERM: what agents died with is run again elsewhere,"
                    + " and what Kafka itself gave up is counted and logged.",
            "With --database-url it keeps a ledger: what became of each job.",
            "A cluster needs one; several share the work. `athanor up` has one of its own."
        })
final class DispatcherCommand implements Callable<Integer> {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:ATHANOR_BOOTSTRAP_SERVERS:-localhost:9092}",
            description =
                    "Kafka, with commas between several addresses. Default: ${DEFAULT-VALUE}.")
    private String bootstrapServers = "";

    @Option(
            names = "--database-url",
            paramLabel = "URL",
            defaultValue = "${env:ATHANOR_DATABASE_URL}",
            description = {
                "PostgreSQL that keeps the ledger of jobs, jdbc:postgresql://HOST/DATABASE?user=…; its"
                        + " tables are made when missing. Default: none, and no ledger.",
                "Other users of a machine see what a command is given: where the URL has a password in"
                        + " it, set ATHANOR_DATABASE_URL."
            })
    private @Nullable String databaseUrl;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "${env:ATHANOR_DATA_DIR:-${sys:user.home}/.athanor-dispatcher}",
            description = "Where logs are kept. Default: ${DEFAULT-VALUE}.")
    private Path dataFolder = Path.of("");

    @Option(
            names = "--metrics-port",
            defaultValue = "${env:ATHANOR_METRICS_PORT:-0}",
            description =
                    "Port of /metrics, /live and /ready on all interfaces; 0: a free one. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int metricsPort;

    @Option(
            names = "--http-host",
            defaultValue = "${env:ATHANOR_HTTP_HOST:-0.0.0.0}",
            description = {
                "Address where HTTP is answered. It is not encrypted: where keys come over a network, let"
                        + " a proxy with TLS stand before it. Default: ${DEFAULT-VALUE}, all interfaces."
            })
    private String httpHost = "";

    @Option(
            names = "--http-port",
            defaultValue = "${env:ATHANOR_HTTP_PORT:-8700}",
            description =
                    "Port where jobs, agents and queues are asked for by HTTP; 0: a free one. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int httpPort;

    @Mixin private final PatienceOption patience = new PatienceOption();

    @Mixin private final QueueBoundOption queueBound = new QueueBoundOption();

    @Mixin private final WebhooksOption webhooks = new WebhooksOption();

    @Mixin private final AccessOptions access = new AccessOptions();

    private DispatcherConfig config(String id, ClusterAccess by) {
        DispatcherConfig bare =
                DispatcherConfig.of(id, bootstrapServers)
                        .withPatience(patience.patience())
                        .withMaxQueuedJobs(queueBound.jobs())
                        .withHttp(new InetSocketAddress(httpHost, httpPort))
                        .withPrivateWebhooks(webhooks.isPrivateAllowed());
        DispatcherConfig plain = databaseUrl == null ? bare : bare.withDatabase(databaseUrl);
        return by.credentials().map(key -> plain.withCredentials(key, by.kafka())).orElse(plain);
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Path folder = dataFolder.toAbsolutePath().normalize();
        Logs.writeTo(folder.resolve("logs"));
        String id = "dispatcher-" + UUID.randomUUID().toString().substring(0, 8);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Dispatcher dispatcher =
                Dispatcher.start(
                        config(id, access.access(bootstrapServers)),
                        registry,
                        InstantSource.system());
        MetricsEndpoint metrics =
                new MetricsEndpoint(
                        new InetSocketAddress(metricsPort), registry, dispatcher::isReady);
        System.out.printf(
                "Dispatcher %s is ready: Kafka on %s, HTTP on %s, metrics on port %d, logs in %s."
                        + " Ctrl-C stops it.%n",
                id,
                bootstrapServers,
                dispatcher.http().orElseThrow(),
                metrics.address().getPort(),
                folder);
        UntilStopped.run(() -> {
            dispatcher.close();
            metrics.close();
            registry.close();
        });
        return 0;
    }
}
