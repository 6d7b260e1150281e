package dev.athanor.standalone.command;

import dev.athanor.agent.Agent;
import dev.athanor.agent.metrics.MetricsEndpoint;
import dev.athanor.standalone.AgentSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a worker agent of its own. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description = {
            "Joins a further worker agent to a cluster, until Ctrl-C or SIGTERM.",
            "Then it takes nothing more and lets running calls end; what does not end in time is run"
                    + " again elsewhere, and what had not started goes back as it was."
        })
final class AgentCommand implements Callable<Integer> {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:ATHANOR_BOOTSTRAP_SERVERS:-localhost:9092}",
            description =
                    "Kafka, with commas between several addresses. Default: ${DEFAULT-VALUE}.")
    private String bootstrapServers = "";

    @Option(
            names = "--id",
            defaultValue = "${env:ATHANOR_AGENT_ID}",
            description =
                    "Name of this agent, unique in the cluster, 1 to 64 letters, digits, - or _."
                            + " Default: made anew at each start.")
    private String id = "";

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "${env:ATHANOR_DATA_DIR:-${sys:user.home}/.athanor-agent}",
            description =
                    "Where environments, bundles and logs are kept. Default: ${DEFAULT-VALUE}.")
    private Path dataFolder = Path.of("");

    @Option(
            names = "--metrics-port",
            defaultValue = "${env:ATHANOR_METRICS_PORT:-0}",
            description =
                    "Port of /metrics, /live and /ready on all interfaces; 0: a free one. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int metricsPort;

    @Mixin private final AgentOptions options = new AgentOptions();

    @Mixin private final AccessOptions access = new AccessOptions();

    @Override
    public Integer call() throws InterruptedException, IOException {
        Path folder = dataFolder.toAbsolutePath().normalize();
        Logs.writeTo(folder.resolve("logs"));
        String name =
                id == null || id.isBlank()
                        ? "agent-" + UUID.randomUUID().toString().substring(0, 8)
                        : id;
        AgentSettings settings = options.settings();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Agent agent =
                Agent.start(
                        settings.config(
                                name, bootstrapServers, folder, access.access(bootstrapServers)),
                        registry,
                        InstantSource.system());
        MetricsEndpoint metrics =
                new MetricsEndpoint(new InetSocketAddress(metricsPort), registry, agent::isReady);
        AgentOptions.tellOfIsolation(agent.isolation());
        AgentOptions.tellOfData(agent.data(), agent.dataWarning());
        agent.missingLimits().ifPresent(AgentOptions::warnOfMissingLimits);
        System.out.printf(
                "Agent %s is ready: Kafka on %s, metrics on port %d, slots %s, data and logs in %s."
                        + " Ctrl-C stops it.%n",
                name, bootstrapServers, metrics.address().getPort(), settings.slots(), folder);
        UntilStopped.run(() -> {
            agent.close();
            metrics.close();
            registry.close();
        });
        return 0;
    }
}
