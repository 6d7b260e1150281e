package dev.athanor.api.internal.nested;

import dev.athanor.api.Callee;
import dev.athanor.api.LogListener;
import dev.athanor.api.Options;
import dev.athanor.api.internal.call.RepositoryAddress;
import dev.athanor.api.internal.code.FunctionCode;
import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.runtime.protocol.NestedFunction;

/**
 * What does not change from call to call of a function. Does not refer to the {@link Callee}, which
 * is the weak key that it is kept under. Immutable.
 *
 * @param code the function
 * @param options what it was given
 * @param function both, as they leave the sandbox
 */
record NestedCallee(FunctionCode code, Options options, NestedFunction function) {
    static NestedCallee of(Callee<?> callee) {
        FunctionCode code = FunctionCode.of(callee);
        Options options = callee.options();
        return new NestedCallee(
                code,
                options,
                new NestedFunction(
                        options.name().orElseGet(code::displayName),
                        new EntryPoint(
                                code.owner(), code.name(), code.descriptor(), code.referenceKind()),
                        options.machineType(),
                        options.requirements(),
                        options.repositories().stream().map(NestedCallee::named).toList(),
                        options.checksums(),
                        options.secrets(),
                        options.rebuild(),
                        options.network(),
                        options.keepAlive().toMillis(),
                        options.timeout().toMillis(),
                        options.queueTimeout().toMillis(),
                        options.startTimeout().toMillis(),
                        options.buildTimeout().toMillis(),
                        !options.logs().equals(LogListener.none())));
    }

    private static String named(String repository) {
        RepositoryAddress address = RepositoryAddress.of(repository);
        return address.id() + "::" + address.url();
    }

    /** For people. */
    String name() {
        return function.name();
    }
}
