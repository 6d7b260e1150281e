package dev.athanor.dispatcher.schedule;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The times that a cron expression stands for in a time zone: minute, hour, day of month, month and
 * day of week, as Unix has them. Immutable.
 *
 * <p>By the zone's clock: a time within the hour that is left out where that is put forward does
 * not come on that day, and one within the hour that comes twice where it is put back comes once,
 * the first time. Expressions for every hour, or for minutes of every hour, go on through both.
 */
final class CronTimes {
    private static final int LONGEST = 256;

    private final String expression;
    private final ZoneId zone;
    private final Schedule schedule;

    private CronTimes(String expression, ZoneId zone, Schedule schedule) {
        this.expression = expression;
        this.zone = zone;
        this.schedule = schedule;
    }

    /**
     * @throws IllegalArgumentException when one of them is none, or there is no such time
     */
    static CronTimes parse(String expression, String zone) {
        if (expression.length() > LONGEST) {
            throw new IllegalArgumentException("a cron expression has at most 256 characters");
        }
        CronTimes times;
        try {
            ZoneId id = ZoneId.of(zone);
            times = new CronTimes(expression, id, new CronSchedule(expression, id, CronStyle.UNIX));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'%s' is no time zone such as Europe/Berlin or UTC".formatted(zone), e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "'%s' is no cron expression of five fields, such as '0 3 * * 1-5': %s"
                            .formatted(expression, e.getMessage()),
                    e);
        }
        if (times.schedule.isDisabled() || times.after(Instant.EPOCH).isEmpty()) {
            throw new IllegalArgumentException(
                    "'%s' stands for times that never come".formatted(expression));
        }
        return times;
    }

    String expression() {
        return expression;
    }

    ZoneId zone() {
        return zone;
    }

    /** The next time after that one; empty: there is none. */
    Optional<Instant> after(Instant time) {
        try {
            Instant next = schedule.getNextExecutionTime(ExecutionComplete.simulatedSuccess(time));
            return next.equals(Schedule.NEVER) ? Optional.empty() : Optional.of(next);
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.empty();
        }
    }
}
