package dev.athanor.api;

import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Times that a function runs at again and again, under a name; see {@link
 * IsolatedFunction#schedule(Cron)}.
 *
 * {@snippet :
 * sync.schedule(Cron.named("nightly", "0 3 * * *").in(ZoneId.of("Europe/Berlin")));
 * }
 *
 * <p>An expression has five fields, as Unix has them: minute, hour, day of month, month and day of
 * week. They are of the zone's clock, UTC's by default: a time within the hour that is left out
 * where that is put forward does not come on that day, and one within the hour that comes twice
 * where it is put back comes once, the first time. Immutable.
 */
public final class Cron {
    /** What becomes of the times at which no dispatcher was there. */
    public enum Missed {
        /** One job for all of them, once one is there; of those of the last 7 days. */
        ONCE,
        /** Nothing. */
        SKIP
    }

    private final String name;
    private final String expression;
    private final ZoneId zone;
    private final Missed missed;

    private Cron(String name, String expression, ZoneId zone, Missed missed) {
        this.name = name;
        this.expression = expression;
        this.zone = zone;
        this.missed = missed;
    }

    /**
     * Times of UTC, of which those that are missed are made up for once.
     *
     * @param name 1 to 128 letters, digits, '.', '-' and '_', the first a letter or digit
     */
    public static Cron named(String name, String expression) {
        return new Cron(name, expression, ZoneOffset.UTC, Missed.ONCE);
    }

    /** The same by the clock of a zone. */
    public Cron in(ZoneId otherZone) {
        return new Cron(name, expression, otherZone, missed);
    }

    /** The same, where those that are missed are treated so. */
    public Cron missed(Missed policy) {
        return new Cron(name, expression, zone, policy);
    }

    public String name() {
        return name;
    }

    public String expression() {
        return expression;
    }

    public ZoneId zone() {
        return zone;
    }

    public Missed missed() {
        return missed;
    }

    @Override
    public String toString() {
        return "%s: %s (%s)".formatted(name, expression, zone);
    }
}
