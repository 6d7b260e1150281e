package dev.athanor.agent.call;

import dev.athanor.environment.build.EnvironmentDefinition;
import dev.athanor.environment.build.EnvironmentKind;
import dev.athanor.environment.build.RepositoryDefinition;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.runtime.protocol.PayloadCodec;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Payload;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What an invocation's function means for this agent.
 *
 * @param codec how the sandbox is to read the arguments
 * @param keepAlive how long the sandbox stays hot after the call
 */
record FunctionPlan(
        EnvironmentDefinition environment,
        SandboxKey sandboxKey,
        MachineType machineType,
        EntryPoint entryPoint,
        byte codec,
        Duration keepAlive) {
    /**
     * @throws InvalidInvocationException when this agent cannot run such a function
     */
    static FunctionPlan of(Delivery delivery, MachineType machineType) {
        FunctionSpec function = delivery.invocation().getFunction();
        if (function.getKeepAliveMillis() < 0) {
            throw new InvalidInvocationException(
                    FailureCode.INVALID_INVOCATION,
                    "keep-alive must not be negative, got "
                            + function.getKeepAliveMillis()
                            + " ms");
        }
        EnvironmentDefinition environment = definition(function.getEnvironment());
        Map<String, String> options = new HashMap<>(function.getSandboxOptions());
        options.put("athanor.network", Boolean.toString(function.getNetwork()));
        SandboxKey key =
                SandboxKey.of(
                        delivery.tenant(),
                        environment.key().hex(),
                        function.getBundles().stream()
                                .map(bundle -> BundleStore.hex(bundle.getAddress().getDigest()))
                                .toList(),
                        machineType.name(),
                        options);
        dev.athanor.schemas.EntryPoint entryPoint = function.getEntryPoint();
        return new FunctionPlan(
                environment,
                key,
                machineType,
                new EntryPoint(
                        entryPoint.getOwner(),
                        entryPoint.getName(),
                        entryPoint.getDescriptor(),
                        entryPoint.getReferenceKind()),
                codec(delivery.invocation().getArguments()),
                Duration.ofMillis(function.getKeepAliveMillis()));
    }

    private static byte codec(Payload payload) {
        return switch (payload.getCodec()) {
            case JAVA -> PayloadCodec.JAVA;
            case JSON -> PayloadCodec.JSON;
            case PICKLE -> PayloadCodec.PICKLE;
            case UNKNOWN ->
                    throw new InvalidInvocationException(
                            FailureCode.INVALID_INVOCATION,
                            "the codec of the arguments is of a newer release: upgrade the agent");
        };
    }

    private static EnvironmentDefinition definition(EnvironmentSpec spec) {
        EnvironmentKind kind =
                switch (spec.getKind()) {
                    case JVM -> EnvironmentKind.JVM;
                    case PYTHON, CONTAINER, UNKNOWN ->
                            throw new InvalidInvocationException(
                                    FailureCode.INVALID_INVOCATION,
                                    "this agent runs functions of kind JVM, not " + spec.getKind());
                };
        return new EnvironmentDefinition(
                kind,
                spec.getRuntimeVersion(),
                spec.getRequirements(),
                spec.getRepositories().stream()
                        .map(r -> new RepositoryDefinition(r.getId(), r.getUrl()))
                        .toList(),
                spec.getChecksums());
    }
}
