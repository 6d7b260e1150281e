package dev.athanor.dispatcher.outbox;

/**
 * An attempt of a job that waits for its time.
 *
 * @param key names the attempt that runs then
 * @param machineType whose queue it goes into
 * @param dueAt milliseconds since the epoch
 * @param envelope the encoded InvocationEnvelope; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record WaitingAttempt(AttemptKey key, String machineType, long dueAt, byte[] envelope) {}
