package dev.athanor.api.internal.local;

import dev.athanor.api.Callee;
import dev.athanor.api.InvalidOptionException;
import dev.athanor.api.Options;
import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.api.internal.bundle.Bundler;
import dev.athanor.api.internal.call.PackedFunction;
import dev.athanor.api.internal.call.RepositoryAddress;
import dev.athanor.api.internal.code.FunctionCode;
import dev.athanor.environment.build.EnvironmentDefinition;
import dev.athanor.environment.build.EnvironmentKind;
import dev.athanor.environment.build.RepositoryDefinition;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.machine.MachineTypeCatalog;
import dev.athanor.environment.sandbox.ProcessLauncher;
import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.runtime.protocol.EntryPoint;
import java.util.List;
import java.util.Map;

/**
 * What does not change from call to call of a function, on this machine. Does not refer to the
 * {@link Callee}, which is the weak key that it is kept under. Immutable.
 *
 * @param packed the function
 * @param entryPoint its method
 * @param environment what it needs
 * @param machineType its size
 */
record LocalFunction(
        PackedFunction packed,
        EntryPoint entryPoint,
        EnvironmentDefinition environment,
        MachineType machineType) {
    /** There is but one user here. */
    private static final String TENANT = "local";

    static LocalFunction of(Callee<?> callee, Bundler bundler) {
        PackedFunction packed =
                new PackedFunction(callee, bundler, ProcessLauncher.DEFAULT_PAYLOAD_BYTES);
        FunctionCode code = packed.code();
        return new LocalFunction(
                packed,
                new EntryPoint(code.owner(), code.name(), code.descriptor(), code.referenceKind()),
                environment(packed.options()),
                machineType(packed.options().machineType()));
    }

    private static EnvironmentDefinition environment(Options options) {
        return new EnvironmentDefinition(
                EnvironmentKind.JVM,
                "",
                options.requirements(),
                options.repositories().stream()
                        .map(RepositoryAddress::of)
                        .map(address -> new RepositoryDefinition(address.id(), address.url()))
                        .toList(),
                options.checksums());
    }

    private static MachineType machineType(String name) {
        MachineTypeCatalog offered = MachineTypeCatalog.reference();
        return offered.find(name)
                .orElseThrow(() ->
                        new InvalidOptionException(
                                "machineType", name, "one of " + offered.instead(name)));
    }

    SandboxKey sandboxKey(List<Bundle> bundles) {
        return SandboxKey.of(
                TENANT,
                environment.key().hex(),
                bundles.stream().map(Workspace::digest).toList(),
                machineType.name(),
                Map.of());
    }
}
