package dev.athanor.api.internal.cluster;

import dev.athanor.api.internal.job.DispatcherClient;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What the jobs of a client share.
 *
 * @param payloadLimit largest result, in bytes
 * @param threads run what the caller waits for; may be held up
 * @param ticker nanoseconds of a clock that never goes back
 */
record JobAccess(
        DispatcherClient dispatcher, long payloadLimit, Executor threads, LongSupplier ticker) {}
