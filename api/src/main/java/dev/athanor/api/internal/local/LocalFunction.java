package dev.athanor.api.internal.local;

import dev.athanor.api.InvalidOptionException;
import dev.athanor.api.Options;
import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.api.internal.call.PackedFunction;
import dev.athanor.api.internal.call.RepositoryAddress;
import dev.athanor.api.internal.code.FunctionCode;
import dev.athanor.environment.build.EnvironmentDefinition;
import dev.athanor.environment.build.EnvironmentKind;
import dev.athanor.environment.build.RepositoryDefinition;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.machine.MachineTypeCatalog;
import dev.athanor.environment.sandbox.Network;
import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.environment.sandbox.SecretValues;
import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.NestedFunction;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A function as this machine runs it, whoever calls it. Immutable.
 *
 * @param name for people
 * @param entryPoint its method
 * @param environment what it needs
 * @param machineType its size
 * @param secrets names of environment variables of this process that it gets
 * @param rebuild whether its environment is built anew
 * @param network what it may reach
 * @param keepAlive how long its sandbox stays hot after a call
 * @param limits of its calls
 */
record LocalFunction(
        String name,
        EntryPoint entryPoint,
        EnvironmentDefinition environment,
        MachineType machineType,
        List<String> secrets,
        boolean rebuild,
        Network network,
        Duration keepAlive,
        LocalLimits limits) {
    /** There is but one user here. */
    static final String TENANT = "local";

    private static final MachineTypeCatalog MACHINE_TYPES = MachineTypeCatalog.reference();

    /**
     * A function that the caller calls.
     *
     * @throws InvalidOptionException when there is no such machine type
     */
    static LocalFunction of(PackedFunction packed) {
        FunctionCode code = packed.code();
        Options options = packed.options();
        String machineType = options.machineType();
        return new LocalFunction(
                packed.name(),
                new EntryPoint(code.owner(), code.name(), code.descriptor(), code.referenceKind()),
                environment(options.requirements(), options.repositories(), options.checksums()),
                MACHINE_TYPES
                        .find(machineType)
                        .orElseThrow(() ->
                                new InvalidOptionException(
                                        "machineType", machineType, offered(machineType))),
                options.secrets(),
                options.rebuild(),
                options.network() ? Network.OUTBOUND : Network.NONE,
                options.keepAlive(),
                new LocalLimits(
                        options.queueTimeout(),
                        options.buildTimeout(),
                        options.startTimeout(),
                        options.timeout()));
    }

    /** A function that another one calls, which gives it no network that it has not itself. */
    static LocalFunction of(NestedFunction nested, MachineType machineType, Network ofCaller) {
        return new LocalFunction(
                nested.name(),
                nested.entryPoint(),
                environment(nested.requirements(), nested.repositories(), nested.checksums()),
                machineType,
                nested.secrets(),
                nested.rebuild(),
                nested.network() ? ofCaller : Network.NONE,
                Duration.ofMillis(nested.keepAliveMillis()),
                new LocalLimits(
                        Duration.ofMillis(nested.queueTimeoutMillis()),
                        Duration.ofMillis(nested.buildTimeoutMillis()),
                        Duration.ofMillis(nested.startTimeoutMillis()),
                        Duration.ofMillis(nested.timeoutMillis())));
    }

    /** For a message: which machine types there are, the nearest one named. */
    static String offered(String machineType) {
        return "one of " + MACHINE_TYPES.instead(machineType);
    }

    private static EnvironmentDefinition environment(
            List<String> requirements, List<String> repositories, Map<String, String> checksums) {
        return new EnvironmentDefinition(
                EnvironmentKind.JVM,
                "",
                requirements,
                repositories.stream()
                        .map(RepositoryAddress::of)
                        .map(address -> new RepositoryDefinition(address.id(), address.url()))
                        .toList(),
                checksums);
    }

    SandboxKey sandboxKey(List<Bundle> bundles) {
        return SandboxKey.of(
                TENANT,
                environment.key().hex(),
                bundles.stream().map(Workspace::digest).toList(),
                machineType.name(),
                Map.of(
                        "athanor.secrets",
                        new TreeSet<>(secrets).toString(),
                        "athanor.network",
                        network.name()));
    }

    /**
     * The secrets, as this process has them.
     *
     * @throws LocalFailureException when it has one of them not
     */
    SecretValues secretValues() throws LocalFailureException {
        Map<String, String> values = new HashMap<>();
        for (String name : secrets) {
            String value = System.getenv(name);
            if (value == null) {
                throw new LocalFailureException(
                        FailureKind.INVALID_INVOCATION,
                        ("secret %s is not set: on the local host secrets are environment variables"
                                        + " of the caller")
                                .formatted(name),
                        null);
            }
            values.put(name, value);
        }
        return new SecretValues(values);
    }
}
