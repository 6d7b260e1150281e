package dev.athanor.dispatcher.outbox;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names an attempt of a job.
 *
 * @param attempt from 1
 */
public record AttemptKey(String tenant, UUID id, int attempt) {
    private static final Pattern TEXT = Pattern.compile("(.+)/([0-9a-f-]{36})/(\\d{1,9})");

    /** The key that this text names, as {@link #toString} has it. */
    public static Optional<AttemptKey> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(
                        new AttemptKey(
                                parts.group(1),
                                UUID.fromString(parts.group(2)),
                                Integer.parseInt(parts.group(3))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "%s/%s/%d".formatted(tenant, id, attempt);
    }
}
