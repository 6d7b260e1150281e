package dev.athanor.api.internal.cluster;

import dev.athanor.api.Callee;
import dev.athanor.api.LogListener;
import dev.athanor.api.Options;
import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.api.internal.bundle.Bundler;
import dev.athanor.api.internal.bundle.CodeRequest;
import dev.athanor.api.internal.code.FunctionCode;
import dev.athanor.api.internal.payload.Arguments;
import dev.athanor.api.internal.payload.ResultReader;
import dev.athanor.schemas.BlobAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What does not change from call to call of a function. Does not refer to the {@link Callee}, which
 * is the weak key that it is kept under. Safe for any number of threads.
 */
final class PreparedFunction {
    private final FunctionCode code;
    private final Options options;
    private final String name;
    private final Bundler bundler;
    private final long payloadLimit;
    private final EncodedFunction encoded;

    /** Grows when a call brings a value of a class that no call brought before. */
    private final AtomicReference<CodeRequest> request;

    private volatile @Nullable Packed packed;

    private record Packed(CodeRequest request, List<Bundle> bundles) {}

    /**
     * @param payloadLimit largest arguments, in bytes
     */
    PreparedFunction(Callee<?> callee, Bundler bundler, long payloadLimit) {
        this.code = FunctionCode.of(callee);
        this.options = callee.options();
        this.name = options.name().orElseGet(code::displayName);
        this.bundler = bundler;
        this.payloadLimit = payloadLimit;
        this.encoded = new EncodedFunction(name, code, options);
        this.request = new AtomicReference<>(CodeRequest.of(code, options));
    }

    String name() {
        return name;
    }

    FunctionCode code() {
        return code;
    }

    Options options() {
        return options;
    }

    /** The function as its invocations carry it. */
    ByteBuffer encoded(List<BlobAddress> bundles) {
        return encoded.bytes(bundles);
    }

    boolean wantsLogs() {
        return !options.logs().equals(LogListener.none());
    }

    /** Reads the arguments and packs the code that they and the function need. */
    OutgoingCall call(@Nullable Object... values) {
        Arguments arguments = Arguments.write(name, code.captured(), values, payloadLimit);
        CodeRequest needed = request.updateAndGet(known -> extended(known, arguments.classes()));
        return new OutgoingCall(this, arguments, bundles(needed));
    }

    private List<Bundle> bundles(CodeRequest needed) {
        Packed last = packed;
        if (last == null || !last.request().equals(needed)) {
            last =
                    new Packed(
                            needed,
                            Stream.concat(
                                            bundler.bundle(needed).stream(),
                                            Stream.of(bundler.apiBundle()))
                                    .toList());
            packed = last;
        }
        return last.bundles();
    }

    private static CodeRequest extended(CodeRequest known, Set<String> classes) {
        return known.values().containsAll(classes) ? known : known.with(classes);
    }

    ResultReader resultReader(List<Bundle> bundles) {
        return new ResultReader(
                code.loader(), bundles.get(0).classNames(), options.allowedResults());
    }
}
