package dev.athanor.agent.call;

import dev.athanor.agent.secret.SealedSecret;
import dev.athanor.environment.build.EnvironmentDefinition;
import dev.athanor.environment.build.EnvironmentKind;
import dev.athanor.environment.build.RepositoryDefinition;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.FunctionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** A function, and what it means for this agent or why it cannot be run here. Immutable. */
public sealed interface KnownFunction {
    FunctionSpec spec();

    /**
     * A function that this agent runs.
     *
     * @param secrets that its sandbox gets, as they are now
     * @param keepAlive how long its sandbox stays hot after a call
     */
    record Runs(
            FunctionSpec spec,
            EnvironmentDefinition environment,
            SandboxKey sandboxKey,
            MachineType machineType,
            EntryPoint entryPoint,
            List<SealedSecret> secrets,
            Duration keepAlive)
            implements KnownFunction {}

    /**
     * A function that this agent does not run.
     *
     * @param code why, for programs
     * @param message why, for its callers
     */
    record Refused(FunctionSpec spec, FailureCode code, String message) implements KnownFunction {}

    /** Finds a tenant's secret; empty where it is not set. */
    @FunctionalInterface
    interface SecretFinder {
        Optional<SealedSecret> find(String tenant, String name);
    }

    /**
     * Works out what the function means.
     *
     * @param machineTypeName that it is to run on
     */
    static KnownFunction of(
            String tenant,
            FunctionSpec spec,
            String machineTypeName,
            Map<String, MachineType> machineTypes,
            SecretFinder secrets) {
        MachineType machineType = machineTypes.get(machineTypeName);
        if (machineType == null) {
            return invalid(
                    spec,
                    "machine type %s is not served here, but %s"
                            .formatted(machineTypeName, machineTypes.keySet()));
        }
        if (spec.getKeepAliveMillis() < 0) {
            return invalid(
                    spec,
                    "keep-alive must not be negative, got %d ms"
                            .formatted(spec.getKeepAliveMillis()));
        }
        return switch (spec.getEnvironment().getKind()) {
            case JVM, PYTHON -> withSecrets(tenant, spec, machineType, secrets);
            case CONTAINER, UNKNOWN ->
                    invalid(
                            spec,
                            "this agent runs functions of kind JVM and PYTHON, not "
                                    + spec.getEnvironment().getKind());
        };
    }

    private static Refused invalid(FunctionSpec spec, String message) {
        return new Refused(spec, FailureCode.INVALID_INVOCATION, message);
    }

    private static KnownFunction withSecrets(
            String tenant, FunctionSpec spec, MachineType machineType, SecretFinder secrets) {
        List<SealedSecret> found = new ArrayList<>();
        for (String name : new TreeSet<>(spec.getSecrets())) {
            Optional<SealedSecret> secret = secrets.find(tenant, name);
            if (secret.isEmpty()) {
                return invalid(
                        spec,
                        "secret %s is not set: set it with `athanor secrets set %s`"
                                .formatted(name, name));
            }
            found.add(secret.get());
        }
        return runnable(tenant, spec, machineType, found);
    }

    private static Runs runnable(
            String tenant, FunctionSpec spec, MachineType machineType, List<SealedSecret> secrets) {
        EnvironmentDefinition environment = definition(spec.getEnvironment());
        Map<String, String> options = new HashMap<>(spec.getSandboxOptions());
        options.put("athanor.network", Boolean.toString(spec.getNetwork()));
        secrets.forEach(
                secret -> options.put("athanor.secret." + secret.name().name(), secret.version()));
        SandboxKey key =
                SandboxKey.of(
                        tenant,
                        environment.key().hex(),
                        spec.getBundles().stream()
                                .map(bundle -> BundleStore.hex(bundle.getAddress().getDigest()))
                                .toList(),
                        machineType.name(),
                        options);
        return new Runs(
                spec,
                environment,
                key,
                machineType,
                new EntryPoint(
                        spec.getEntryPoint().getOwner(),
                        spec.getEntryPoint().getName(),
                        spec.getEntryPoint().getDescriptor(),
                        spec.getEntryPoint().getReferenceKind()),
                secrets,
                Duration.ofMillis(spec.getKeepAliveMillis()));
    }

    private static EnvironmentDefinition definition(EnvironmentSpec spec) {
        return new EnvironmentDefinition(
                EnvironmentKind.valueOf(spec.getKind().name()),
                spec.getRuntimeVersion(),
                spec.getRequirements(),
                spec.getRepositories().stream()
                        .map(r -> new RepositoryDefinition(r.getId(), r.getUrl()))
                        .toList(),
                spec.getChecksums());
    }
}
