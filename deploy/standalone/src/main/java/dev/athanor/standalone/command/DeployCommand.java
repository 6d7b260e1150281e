package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.athanor.api.AthanorClient;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deploys a function. */
@Command(
        name = "deploy",
        mixinStandardHelpOptions = true,
        description = {
            "Registers a function under a name, by which it can be called from anywhere:",
            "  athanor deploy com.acme.Jokes::tell --name jokes/tell --class-path target/classes",
            "  curl -d '[\"World\"]' http://localhost:8700/v1/functions/jokes/tell/jobs",
            "Deploying what is deployed already changes nothing; all else is a new version, which is"
                    + " called from then on."
        })
final class DeployCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(
            paramLabel = "CLASS::METHOD|FILE.py::FUNCTION",
            description =
                    "A static method, whose parameters JSON can give; or a function of a Python file, for"
                            + " which the Python client has to be installed.")
    private String target = "";

    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Option(
            names = "--name",
            required = true,
            description = "What it is registered under: parts with '/' between them.")
    private String name = "";

    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Option(
            names = {"-cp", "--class-path"},
            paramLabel = "PATHS",
            description =
                    "Jars and folders with the class, as `java -cp` takes them. Left out where a"
                            + " requirement has it.")
    private String classPath = "";

    @Option(
            names = "--python",
            paramLabel = "PROGRAM",
            defaultValue = "python3",
            description = "Has the Python client installed. Default: ${DEFAULT-VALUE}.")
    private String python = "";

    @Mixin private final FunctionOptions options = new FunctionOptions();
    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (target.matches(".+\\.py::[^:]+")) {
            return deployPython();
        }
        if (!target.matches("[^:]+::[^:]+")) {
            throw new IllegalArgumentException(
                    "'%s' is neither CLASS::METHOD nor FILE.py::FUNCTION".formatted(target));
        }
        Path folder = temporaryFolder();
        try {
            return deployJava(folder);
        } finally {
            delete(folder);
        }
    }

    private int deployJava(Path folder) throws InterruptedException {
        List<Path> paths =
                Arrays.stream(classPath.split(File.pathSeparator, -1))
                        .filter(each -> !each.isBlank())
                        .map(Path::of)
                        .toList();
        try (ClassesToDeploy classes = ClassesToDeploy.open(paths)) {
            return deploy(classes.method(target));
        } catch (ClassNotFoundException e) {
            return deployWithRequirements(paths, folder, e);
        }
    }

    /** What its own class path lacks may be in its requirements. */
    private int deployWithRequirements(
            List<Path> paths, Path folder, ClassNotFoundException missing)
            throws InterruptedException {
        if (options.requirements().isEmpty()) {
            throw notFound(missing);
        }
        List<Path> all = new ArrayList<>(paths);
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "athanor", "maven");
        all.addAll(
                ClassesToDeploy.resolve(
                        options.requirements(), options.repositories(), cache, folder));
        try (ClassesToDeploy classes = ClassesToDeploy.open(all)) {
            return deploy(classes.method(target));
        } catch (ClassNotFoundException e) {
            throw notFound(e);
        }
    }

    private static IllegalArgumentException notFound(ClassNotFoundException missing) {
        return new IllegalArgumentException(
                "there is no class %s: say where it is by --class-path or --requirement"
                        .formatted(String.valueOf(missing.getMessage()).replace('/', '.')),
                missing);
    }

    private int deploy(Method method) {
        try (AthanorClient client = dispatcher.client()) {
            int version = client.deploy(name, method, options.options());
            if (dispatcher.wantsJson()) {
                dispatcher.print(
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("name", name)
                                .put("version", version));
            } else {
                dispatcher.out().println("%s is version %d now.".formatted(name, version));
                dispatcher.out().flush();
            }
            return 0;
        }
    }

    private int deployPython() throws InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(python, "-m", "athanor", "deploy", target, "--name", name));
        command.addAll(options.pythonArguments());
        if (dispatcher.wantsJson()) {
            command.add("--json");
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        dispatcher.addTo(builder.environment());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            dispatcher
                    .out()
                    .print(
                            new String(
                                    process.getInputStream().readAllBytes(),
                                    StandardCharsets.UTF_8));
            dispatcher.out().flush();
            return process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot run %s: say by --python which Python has the client".formatted(python),
                    e);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("athanor-deploy-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
