package dev.athanor.api.internal.call;

import dev.athanor.api.Callee;
import dev.athanor.api.LogListener;
import dev.athanor.api.Options;
import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.api.internal.bundle.Bundler;
import dev.athanor.api.internal.bundle.CodeRequest;
import dev.athanor.api.internal.code.FunctionCode;
import dev.athanor.api.internal.payload.Arguments;
import dev.athanor.api.internal.payload.ResultReader;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What does not change from call to call of a function. Does not refer to the {@link Callee}, which
 * is the weak key that it is kept under. Safe for any number of threads.
 */
public final class PackedFunction {
    private final FunctionCode code;
    private final Options options;
    private final String name;
    private final Bundler bundler;
    private final long payloadLimit;

    /** Grows when a call brings a value of a class that no call brought before. */
    private final AtomicReference<CodeRequest> request;

    private volatile @Nullable Packed packed;

    private record Packed(CodeRequest request, List<Bundle> bundles) {}

    /**
     * @param payloadLimit largest arguments, in bytes
     */
    public PackedFunction(Callee<?> callee, Bundler bundler, long payloadLimit) {
        this.code = FunctionCode.of(callee);
        this.options = callee.options();
        this.name = options.name().orElseGet(code::displayName);
        this.bundler = bundler;
        this.payloadLimit = payloadLimit;
        this.request = new AtomicReference<>(CodeRequest.of(code, options));
    }

    /** For people. */
    public String name() {
        return name;
    }

    public FunctionCode code() {
        return code;
    }

    public Options options() {
        return options;
    }

    public boolean wantsLogs() {
        return !options.logs().equals(LogListener.none());
    }

    /** Reads the arguments and packs the code that they and the function need. */
    public PackedCall call(@Nullable Object... values) {
        Arguments arguments = Arguments.write(name, code.captured(), values, payloadLimit);
        CodeRequest needed = request.updateAndGet(known -> extended(known, arguments.classes()));
        return new PackedCall(this, arguments, bundles(needed));
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

    /** Reads results of calls that others made, as far as its own code goes. */
    public ResultReader resultReader() {
        return resultReader(bundles(request.get()));
    }

    /**
     * Reads results of a call.
     *
     * @param bundles that were sent with it
     */
    public ResultReader resultReader(List<Bundle> bundles) {
        return new ResultReader(
                code.loader(), bundles.get(0).classNames(), options.allowedResults());
    }
}
