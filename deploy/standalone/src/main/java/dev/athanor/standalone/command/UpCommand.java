package dev.athanor.standalone.command;

import dev.athanor.schemas.keys.Profile;
import dev.athanor.standalone.AgentSettings;
import dev.athanor.standalone.JobsConfig;
import dev.athanor.standalone.Standalone;
import dev.athanor.standalone.StandaloneConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps the all-in-one process running. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Keeps Kafka, a dispatcher and one agent running in this process, and a PostgreSQL beside"
                    + " it, until Ctrl-C.",
            "Prints one line when calls are taken. What callers sent, jobs and the environments that"
                    + " were built survive a restart on the same data folder."
        })
final class UpCommand implements Callable<Integer> {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "${env:ATHANOR_DATA_DIR:-${sys:user.home}/.athanor}",
            description = "Where everything is kept. Default: ${DEFAULT-VALUE}.")
    private Path dataFolder = Path.of("");

    @Option(
            names = "--port",
            defaultValue = "${env:ATHANOR_PORT:-9092}",
            description =
                    "Port of Kafka on this machine; 0: a free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--metrics-port",
            defaultValue = "${env:ATHANOR_METRICS_PORT:-9464}",
            description =
                    "Port of /metrics, /live and /ready on this machine; 0: a free one. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int metricsPort;

    @Option(
            names = "--http-port",
            defaultValue = "${env:ATHANOR_HTTP_PORT:-8700}",
            description =
                    "Port on this machine where jobs, agents and queues are asked for by HTTP; 0: a"
                            + " free one. Default: ${DEFAULT-VALUE}.")
    private int httpPort;

    @Option(
            names = "--secure",
            defaultValue = "${env:ATHANOR_SECURE:-false}",
            description = {
                "Asks callers for keys, over TLS, and believes only what they signed. The key of the"
                        + " operator and the certificates are made in DIR/secure at the first start.",
                "`athanor keys create` makes keys for tenants. Default: ${DEFAULT-VALUE}."
            })
    private boolean secure;

    @Option(
            names = "--database-url",
            paramLabel = "URL",
            defaultValue = "${env:ATHANOR_DATABASE_URL}",
            description = {
                "PostgreSQL of your own that keeps jobs, jdbc:postgresql://HOST/DATABASE?user=…."
                        + " Default: one of this command, with its data in DIR/postgres.",
                "Other users of a machine see what a command is given: where the URL has a password in"
                        + " it, set ATHANOR_DATABASE_URL."
            })
    private @Nullable String databaseUrl;

    @Mixin private final QueueBoundOption queueBound = new QueueBoundOption();

    @Mixin private final AgentOptions agent = new AgentOptions();

    @Mixin private final WebhooksOption webhooks = new WebhooksOption();

    @Override
    public Integer call() throws InterruptedException {
        Path folder = dataFolder.toAbsolutePath().normalize();
        Logs.writeTo(folder.resolve("logs"));
        AgentSettings settings = agent.settings();
        Standalone standalone =
                Standalone.start(
                        new StandaloneConfig(
                                folder,
                                port,
                                metricsPort,
                                settings,
                                secure,
                                Optional.of(
                                        new JobsConfig(
                                                httpPort,
                                                Optional.ofNullable(databaseUrl),
                                                queueBound.jobs(),
                                                webhooks.isPrivateAllowed()))));
        AgentOptions.tellOfIsolation(standalone.isolation());
        AgentOptions.tellOfData(standalone.data(), standalone.dataWarning());
        standalone.missingLimits().ifPresent(AgentOptions::warnOfMissingLimits);
        System.out.printf(
                "Athanor is ready: Kafka on %s, metrics on %s, HTTP on %s, slots %s, data and logs in %s."
                        + " Ctrl-C stops it.%n",
                standalone.bootstrapServers(),
                standalone.metricsAddress(),
                standalone.http().orElseThrow(),
                settings.slots().entrySet().stream()
                        .map(slot -> slot.getKey() + "=" + slot.getValue())
                        .collect(Collectors.joining(",")),
                folder);
        standalone
                .operatorProfile()
                .ifPresent(profile ->
                        System.out.printf(
                                "Callers need a key: athanor keys create --tenant NAME --bootstrap-servers %s"
                                        + " --profile %s; and %s=%s.%n",
                                standalone.bootstrapServers(),
                                profile,
                                Profile.AUTHORITY,
                                standalone.authority().orElseThrow()));
        UntilStopped.run(standalone);
        return 0;
    }
}
