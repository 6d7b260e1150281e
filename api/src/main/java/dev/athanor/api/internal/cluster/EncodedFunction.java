package dev.athanor.api.internal.cluster;

import dev.athanor.api.Options;
import dev.athanor.api.RetryPolicy;
import dev.athanor.api.internal.call.RepositoryAddress;
import dev.athanor.api.internal.code.FunctionCode;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Bundle;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Repository;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function as its invocations carry it, encoded once for as long as its code lies where it does.
 * Safe for any number of threads.
 */
final class EncodedFunction {
    private final String name;
    private final FunctionCode code;
    private final Options options;
    private volatile @Nullable Encoded last;

    private record Encoded(List<BlobAddress> bundles, FunctionBytes bytes) {}

    EncodedFunction(String name, FunctionCode code, Options options) {
        this.name = name;
        this.code = code;
        this.options = options;
    }

    FunctionBytes bytes(List<BlobAddress> bundles) {
        Encoded encoded = last;
        if (encoded == null || !encoded.bundles().equals(bundles)) {
            ByteBuffer bytes = ByteBuffer.wrap(Codec.current().encode(spec(bundles)));
            encoded = new Encoded(List.copyOf(bundles), new FunctionBytes(bytes));
            last = encoded;
        }
        return encoded.bytes();
    }

    private FunctionSpec spec(List<BlobAddress> bundles) {
        return FunctionSpec.newBuilder()
                .setName(name)
                .setEntryPoint(
                        new EntryPoint(
                                code.owner(), code.name(), code.descriptor(), code.referenceKind()))
                .setEnvironment(environment())
                .setBundles(bundles.stream().map(Bundle::new).toList())
                .setSecrets(options.secrets())
                .setNetwork(options.network())
                .setMachineType(options.machineType())
                .setKeepAliveMillis(options.keepAlive().toMillis())
                .setMaxEscalations(options.onOutOfMemory().maxEscalations())
                .setRetries(options.retries().map(EncodedFunction::retries).orElse(null))
                .build();
    }

    private static dev.athanor.schemas.RetryPolicy retries(RetryPolicy policy) {
        return new dev.athanor.schemas.RetryPolicy(
                policy.attempts(),
                policy.firstDelay().toMillis(),
                policy.factor(),
                policy.maxDelay().toMillis(),
                policy.jitter(),
                policy.exceptions());
    }

    private EnvironmentSpec environment() {
        return EnvironmentSpec.newBuilder()
                .setKind(EnvironmentKind.JVM)
                .setRequirements(options.requirements())
                .setRepositories(
                        options.repositories().stream()
                                .map(RepositoryAddress::of)
                                .map(address -> new Repository(address.id(), address.url()))
                                .toList())
                .setChecksums(options.checksums())
                .setRebuild(options.rebuild())
                .build();
    }
}
