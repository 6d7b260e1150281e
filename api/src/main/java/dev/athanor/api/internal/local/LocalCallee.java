package dev.athanor.api.internal.local;

import dev.athanor.api.Callee;
import dev.athanor.api.internal.bundle.Bundler;
import dev.athanor.api.internal.call.PackedFunction;
import dev.athanor.environment.sandbox.ProcessLauncher;

/**
 * What does not change from call to call of a function, on this machine. Does not refer to the
 * {@link Callee}, which is the weak key that it is kept under. Immutable.
 *
 * @param packed the function as its caller has it
 * @param function the same as it runs
 */
record LocalCallee(PackedFunction packed, LocalFunction function) {
    static LocalCallee of(Callee<?> callee, Bundler bundler) {
        PackedFunction packed =
                new PackedFunction(callee, bundler, ProcessLauncher.DEFAULT_PAYLOAD_BYTES);
        return new LocalCallee(packed, LocalFunction.of(packed));
    }
}
