package dev.athanor.dispatcher.function;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Bundle;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Repository;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All that a version of a function is: its code, what it runs with, and what it takes. Immutable.
 *
 * @param language that it is written in
 * @param runtimeVersion of the language, as 3.12; empty: any
 * @param entryPoint what is called
 * @param bundles SHA-256 of its code in hexadecimal, in class path order
 * @param requirements as the language's package manager takes them
 * @param repositories where these are looked for beside the default one
 * @param checksums SHA-256 of artifacts by coordinate
 * @param machineType that it runs on
 * @param keepAliveMillis for how long its sandbox stays hot
 * @param network whether it may connect to others
 * @param secrets names of those that it gets
 * @param maxEscalations how often it is run again on a larger machine type when memory runs out
 * @param limits of its calls
 * @param keepResultMillis for how long results are kept; 0: as the ledger does by default
 * @param parameters what it takes
 * @param returns what it returns, for people; left out where that is not known
 * @param description for people; may be empty
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Deployment(
        Language language,
        String runtimeVersion,
        Code entryPoint,
        List<String> bundles,
        List<String> requirements,
        List<Source> repositories,
        Map<String, String> checksums,
        String machineType,
        long keepAliveMillis,
        boolean network,
        List<String> secrets,
        int maxEscalations,
        Times limits,
        long keepResultMillis,
        List<Parameter> parameters,
        @Nullable JsonNode returns,
        String description) {
    private static final long YEAR_MILLIS = 365L * 24 * 3_600_000;
    private static final long MONTH_MILLIS = 30L * 24 * 3_600_000;
    private static final long WEEK_MILLIS = 7L * 24 * 3_600_000;
    private static final int MOST_ESCALATIONS = 16;
    private static final int MOST_BUNDLES = 64;
    private static final int MOST_PARAMETERS = 255;
    private static final int LONGEST_DESCRIPTION = 10_000;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern MACHINE_TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z.]{0,16}");
    private static final Pattern SECRET = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    /** What functions are written in. */
    public enum Language {
        JAVA,
        PYTHON;

        private EnvironmentKind kind() {
            return this == JAVA ? EnvironmentKind.JVM : EnvironmentKind.PYTHON;
        }
    }

    /**
     * The method that a function is.
     *
     * @param owner class, with slashes, or module
     * @param descriptor of the JVM's; empty in Python
     * @param referenceKind of the JVM's, 5 to 9; 0 in Python
     */
    public record Code(String owner, String name, String descriptor, int referenceKind) {
        private static final int LEAST_KIND = 5;
        private static final int MOST_KIND = 9;

        public Code {
            check(owner != null && !owner.isBlank(), "entryPoint.owner is missing");
            check(name != null && !name.isBlank(), "entryPoint.name is missing");
            descriptor = Objects.requireNonNullElse(descriptor, "");
        }

        private boolean isOfJvm() {
            return !descriptor.isEmpty()
                    && referenceKind >= LEAST_KIND
                    && referenceKind <= MOST_KIND;
        }
    }

    /** A package repository. */
    public record Source(String id, String url) {
        public Source {
            check(id != null && url != null && !url.isBlank(), "a repository has an id and a url");
        }
    }

    /** How long things may take, in milliseconds. */
    public record Times(
            long queueTimeoutMillis,
            long startTimeoutMillis,
            long buildTimeoutMillis,
            long executionTimeoutMillis) {
        public Times {
            check(
                    isIn(queueTimeoutMillis, 1, WEEK_MILLIS)
                            && isIn(startTimeoutMillis, 1, WEEK_MILLIS)
                            && isIn(buildTimeoutMillis, 1, WEEK_MILLIS)
                            && isIn(executionTimeoutMillis, 1, WEEK_MILLIS),
                    "limits are of 1 ms to 7 days");
        }
    }

    public Deployment {
        bundles = List.copyOf(bundles);
        requirements = List.copyOf(requirements);
        repositories = List.copyOf(repositories);
        // Refuses null, which no agent could be sent.
        checksums = new TreeMap<>(Map.copyOf(checksums));
        secrets = List.copyOf(secrets);
        parameters = List.copyOf(parameters);
        check(language != null, "language is missing: JAVA or PYTHON");
        check(entryPoint != null, "entryPoint is missing");
        check(VERSION.matcher(runtimeVersion).matches(), "runtimeVersion is none");
        check(
                entryPoint.isOfJvm() == (language == Language.JAVA),
                "entryPoint has descriptor and referenceKind in Java, and in Python neither");
        check(
                bundles.size() <= MOST_BUNDLES
                        && bundles.stream().allMatch(each -> DIGEST.matcher(each).matches()),
                "bundles are named by their SHA-256 in lower-case hexadecimal, %d at most"
                        .formatted(MOST_BUNDLES));
        check(
                MACHINE_TYPE.matcher(machineType).matches(),
                "machineType has 1 to 64 letters, digits, '-' and '_'");
        check(isIn(keepAliveMillis, 0, YEAR_MILLIS), "keepAliveMillis is of 0 to a year");
        check(isIn(keepResultMillis, 0, MONTH_MILLIS), "keepResultMillis is of 0 to 30 days");
        check(
                isIn(maxEscalations, 0, MOST_ESCALATIONS),
                "maxEscalations is 0 to %d".formatted(MOST_ESCALATIONS));
        check(
                secrets.stream().allMatch(each -> SECRET.matcher(each).matches()),
                "secrets have the names of environment variables");
        check(
                parameters.size() <= MOST_PARAMETERS && haveNamesOfTheirOwn(parameters),
                "parameters have names of their own, and are %d at most"
                        .formatted(MOST_PARAMETERS));
        check(
                description.length() <= LONGEST_DESCRIPTION,
                "a description has at most %,d characters".formatted(LONGEST_DESCRIPTION));
        if (returns != null) {
            ValueSchema.check(returns);
        }
    }

    private static boolean haveNamesOfTheirOwn(List<Parameter> parameters) {
        Set<String> names = new HashSet<>();
        return parameters.stream().allMatch(each -> each.name() == null || names.add(each.name()));
    }

    private static boolean isIn(long value, long least, long most) {
        return value >= least && value <= most;
    }

    private static void check(boolean isFine, String message) {
        if (!isFine) {
            throw new IllegalArgumentException(message);
        }
    }

    Signature signature() {
        return new Signature(parameters, language == Language.JAVA);
    }

    /**
     * What agents run.
     *
     * @param name that it is registered under
     * @param addresses of its bundles, in their order
     */
    FunctionSpec spec(String name, List<BlobAddress> addresses) {
        return FunctionSpec.newBuilder()
                .setName(name)
                .setEntryPoint(
                        new EntryPoint(
                                entryPoint.owner(),
                                entryPoint.name(),
                                entryPoint.descriptor(),
                                entryPoint.referenceKind()))
                .setEnvironment(
                        new EnvironmentSpec(
                                language.kind(),
                                runtimeVersion,
                                requirements,
                                repositories.stream()
                                        .map(each -> new Repository(each.id(), each.url()))
                                        .toList(),
                                checksums,
                                "",
                                false))
                .setBundles(addresses.stream().map(Bundle::new).toList())
                .setMachineType(machineType)
                .setKeepAliveMillis(keepAliveMillis)
                .setNetwork(network)
                .setSecrets(secrets)
                .setMaxEscalations(maxEscalations)
                .build();
    }
}
