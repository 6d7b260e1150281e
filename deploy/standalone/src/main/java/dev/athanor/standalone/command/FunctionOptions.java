package dev.athanor.standalone.command;

import dev.athanor.api.Athanor;
import dev.athanor.environment.build.RepositoryDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a deployed function runs with, where that is not said at the function itself. */
final class FunctionOptions {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Option(
            names = {"-r", "--requirement"},
            paramLabel = "REQUIREMENT",
            description =
                    "What it needs: Maven coordinates (group:artifact:version), or as pip takes them."
                            + " Can be given several times.")
    private List<String> requirements = new ArrayList<>();

    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Option(
            names = "--repository",
            paramLabel = "URL",
            description = "Where these are looked for as well; id::url or url. Java only.")
    private List<String> repositories = new ArrayList<>();

    @Option(names = "--machine-type", description = "What it runs on. Default: XS.")
    private @Nullable String machineType;

    @Option(
            names = "--keep-alive",
            paramLabel = "SECONDS",
            description = "How long its environment stays hot after a call. Default: 10.")
    private @Nullable Long keepAlive;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long a call may run. Default: 300.")
    private @Nullable Long timeout;

    @Option(
            names = "--build-timeout",
            paramLabel = "SECONDS",
            description = "How long its environment may take to be built. Default: 600.")
    private @Nullable Long buildTimeout;

    @Option(
            names = "--queue-timeout",
            paramLabel = "SECONDS",
            description = "How long a call may wait for an agent. Default: 3600. Java only.")
    private @Nullable Long queueTimeout;

    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Option(
            names = "--secret",
            paramLabel = "NAME",
            description = "A secret that it finds in its environment. Java only.")
    private List<String> secrets = new ArrayList<>();

    @Option(names = "--no-network", description = "It may reach nothing outside. Java only.")
    private boolean isCutOff;

    List<String> requirements() {
        return requirements;
    }

    List<RepositoryDefinition> repositories() {
        return repositories.stream()
                .map(each -> {
                    int separator = each.indexOf("::");
                    return separator < 0
                            ? new RepositoryDefinition("deployed", each)
                            : new RepositoryDefinition(
                                    each.substring(0, separator), each.substring(separator + 2));
                })
                .toList();
    }

    dev.athanor.api.Option[] options() {
        List<dev.athanor.api.Option> options = new ArrayList<>();
        if (!requirements.isEmpty()) {
            options.add(Athanor.requirements(requirements.toArray(String[]::new)));
        }
        if (!repositories.isEmpty()) {
            options.add(Athanor.repositories(repositories.toArray(String[]::new)));
        }
        if (!secrets.isEmpty()) {
            options.add(Athanor.secrets(secrets.toArray(String[]::new)));
        }
        if (machineType != null) {
            options.add(Athanor.machineType(machineType));
        }
        if (isCutOff) {
            options.add(Athanor.network(Athanor.none()));
        }
        add(options, keepAlive, Athanor::keepAlive);
        add(options, timeout, Athanor::timeout);
        add(options, buildTimeout, Athanor::buildTimeout);
        add(options, queueTimeout, Athanor::queueTimeout);
        return options.toArray(dev.athanor.api.Option[]::new);
    }

    private static void add(
            List<dev.athanor.api.Option> options,
            @Nullable Long seconds,
            Function<Duration, dev.athanor.api.Option> option) {
        if (seconds != null) {
            options.add(option.apply(Duration.ofSeconds(seconds)));
        }
    }

    /** The same for the Python client. */
    List<String> pythonArguments() {
        if (!repositories.isEmpty() || !secrets.isEmpty() || isCutOff || queueTimeout != null) {
            throw new IllegalArgumentException(
                    "--repository, --secret, --no-network and --queue-timeout are for Java only");
        }
        List<String> arguments = new ArrayList<>();
        requirements.forEach(each -> arguments.addAll(List.of("--requirement", each)));
        add(arguments, "--machine-type", machineType);
        add(arguments, "--keep-alive", keepAlive);
        add(arguments, "--timeout", timeout);
        add(arguments, "--build-timeout", buildTimeout);
        return arguments;
    }

    private static void add(List<String> arguments, String name, @Nullable Object value) {
        if (value != null) {
            arguments.add(name);
            arguments.add(value.toString());
        }
    }
}
