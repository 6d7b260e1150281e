package dev.athanor.dispatcher.schedule;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;

/** Ids of the jobs of schedules: the same for the same time, whoever fires. */
final class FiringId {
    private static final int BITS_AFTER_TIME = 16;
    private static final long VERSION = 0x7000;
    private static final long RANDOM_AFTER_VERSION = 0x0fff;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long RANDOM_AFTER_VARIANT = 0x3fff_ffff_ffff_ffffL;

    private FiringId() {}

    /** A UUID of version 7 whose time is the firing's, and whose rest is a hash. */
    static UUID of(ScheduleKey key, UUID generation, Firing.Kind kind, Instant fireAt) {
        String text = "%s/%s/%s/%d".formatted(key, generation, kind, fireAt.toEpochMilli());
        ByteBuffer hash = ByteBuffer.wrap(sha256(text));
        long high =
                (fireAt.toEpochMilli() << BITS_AFTER_TIME)
                        | VERSION
                        | (hash.getLong() & RANDOM_AFTER_VERSION);
        return new UUID(high, VARIANT | (hash.getLong() & RANDOM_AFTER_VARIANT));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
