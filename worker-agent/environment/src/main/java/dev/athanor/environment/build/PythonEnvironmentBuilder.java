package dev.athanor.environment.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Builds Python environments with {@code uv}: a virtual environment of the caller's Python with the
 * requirements and what they need, linked from a cache that all builds share. {@code cloudpickle},
 * which reads functions and writes results, comes with every environment, in the version that the
 * requirements name or lead to, else in the newest one.
 *
 * <p>What is built is the environment's {@code python}, and a list of what is installed: two builds
 * are the same where both are.
 */
public final class PythonEnvironmentBuilder implements EnvironmentBuilder {
    private static final Pattern VERSION = Pattern.compile("3\\.(?<minor>\\d{1,3})(\\.\\d{1,3})?");
    private static final int OLDEST_MINOR = 10;

    private final Path cacheFolder;
    private final RepositoryTrust trust;
    private final Map<String, String> variables;

    /**
     * Makes a builder; neither folder nor network is touched before the first build.
     *
     * @param cacheFolder for downloads, made where it is missing; may be shared by processes
     * @param trust what definitions may do; where it is limited, only wheels are installed, since
     *     to build anything else is to run its code
     * @param variables of this process: where {@code uv} is found, and its own settings
     */
    public PythonEnvironmentBuilder(
            Path cacheFolder, RepositoryTrust trust, Map<String, String> variables) {
        this.cacheFolder = cacheFolder.toAbsolutePath();
        this.trust = trust;
        this.variables = Map.copyOf(variables);
    }

    @Override
    public List<Path> build(EnvironmentDefinition definition, Path folder, BuildLog log)
            throws InterruptedException {
        if (definition.kind() != EnvironmentKind.PYTHON) {
            throw new BuildFailedException(
                    definition.kind() + " environments cannot be built from pip specifiers");
        }
        PythonRequirements requirements = PythonRequirements.of(definition, trust);
        String version = version(definition.runtimeVersion());
        Path environment = folder.resolve("venv");
        try {
            Uv uv = Uv.find(variables, cacheFolder, folder);
            uv.makeEnvironment(environment, version, log);
            Path list = folder.resolve("requirements.txt");
            Files.write(list, requirements.lines());
            uv.install(environment, list, requirements.indexes(), trust, log);
            // It may name credentials, and nobody needs it any more.
            Files.delete(list);
            uv.compile(environment);
            return List.of(
                    environment.resolve("bin").resolve("python"),
                    InstalledPackages.write(environment, folder.resolve("installed.txt")));
        } catch (IOException e) {
            throw new BuildFailedException("cannot write the environment's files: " + e, e);
        }
    }

    /** As far as pickles depend on it. */
    private static String version(String text) {
        if (text.isEmpty()) {
            return ">=3." + OLDEST_MINOR;
        }
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.matches()) {
            throw new BuildFailedException(
                    "\"" + text + "\" is not a version of Python: write one such as 3.12");
        }
        int minor = Integer.parseInt(matcher.group("minor"));
        if (minor < OLDEST_MINOR) {
            throw new BuildFailedException(
                    "Python %s is too old for isolated functions: call them from 3.%d or newer"
                            .formatted(text, OLDEST_MINOR));
        }
        return "3." + minor;
    }
}
