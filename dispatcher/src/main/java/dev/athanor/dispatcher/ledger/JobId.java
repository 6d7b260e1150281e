package dev.athanor.dispatcher.ledger;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** What the ids of jobs tell: they are UUIDs of version 7, which begin with a time. */
public final class JobId {
    private static final int TEXT_LENGTH = 36;
    private static final int VERSION = 7;
    private static final int BITS_AFTER_TIME = 16;
    private static final int BITS_AFTER_VERSION = 12;
    private static final int VARIANT_BITS = 2;

    private JobId() {}

    /** A new one of that time. */
    public static UUID of(Instant time) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high =
                time.toEpochMilli() << BITS_AFTER_TIME
                        | (long) VERSION << BITS_AFTER_VERSION
                        | random.nextLong(1L << BITS_AFTER_VERSION);
        return new UUID(high, Long.MIN_VALUE | random.nextLong() >>> VARIANT_BITS);
    }

    /** The id, where the text is one in the one form that is written. */
    public static Optional<UUID> parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            return Optional.empty();
        }
        try {
            UUID id = UUID.fromString(text);
            return id.version() == VERSION ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The day, in UTC, that the id begins with. */
    public static LocalDate day(UUID id) {
        return LocalDate.ofInstant(time(id), ZoneOffset.UTC);
    }

    /** The time that the id begins with, by the clock of who made it. */
    public static Instant time(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> BITS_AFTER_TIME);
    }

    /** Not above any id of the day, and above all of earlier days. */
    public static UUID lowest(LocalDate day) {
        long millis = day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        return new UUID(millis << BITS_AFTER_TIME, 0);
    }
}
