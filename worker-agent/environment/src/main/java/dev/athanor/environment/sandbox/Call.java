package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.EntryPoint;

/**
 * What a sandbox is to run. The array is not copied: leave it alone until the call has ended.
 *
 * @param correlationId of the invocation
 * @param attempt of the invocation, from 1
 * @param codec how the arguments are to be read, see {@link
 *     dev.athanor.runtime.protocol.PayloadCodec}
 * @param entryPoint what to call
 * @param arguments captured values first, then the arguments
 * @param maxResultBytes the largest result to send back, in bytes; at most what its launcher allows
 *     counts
 * @param nested makes the calls that the function makes
 * @param values takes what it yields
 */
@SuppressWarnings("ArrayRecordComponent") // Arguments are large, and calls never compared.
public record Call(
        String correlationId,
        int attempt,
        byte codec,
        EntryPoint entryPoint,
        byte[] arguments,
        long maxResultBytes,
        NestedCalls nested,
        ValueSink values) {

    /** A call whose function can call no others and has one result. */
    public Call(
            String correlationId,
            int attempt,
            byte codec,
            EntryPoint entryPoint,
            byte[] arguments,
            long maxResultBytes) {
        this(
                correlationId,
                attempt,
                codec,
                entryPoint,
                arguments,
                maxResultBytes,
                NestedCalls.none(),
                ValueSink.none());
    }
}
