package dev.athanor.api.internal.cluster;

import dev.athanor.api.Callee;
import dev.athanor.api.internal.bundle.Bundler;
import dev.athanor.api.internal.call.PackedFunction;
import org.jspecify.annotations.Nullable;

/**
 * What does not change from call to call of a function, by way of a cluster.
 *
 * @param packed the function
 * @param encoded the same as its invocations carry it
 */
record PreparedFunction(PackedFunction packed, EncodedFunction encoded) {
    static PreparedFunction of(Callee<?> callee, Bundler bundler, long payloadLimit) {
        PackedFunction packed = new PackedFunction(callee, bundler, payloadLimit);
        return new PreparedFunction(
                packed, new EncodedFunction(packed.name(), packed.code(), packed.options()));
    }

    OutgoingCall call(@Nullable Object... arguments) {
        return new OutgoingCall(packed.call(arguments), encoded);
    }
}
