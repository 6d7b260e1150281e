package dev.athanor.dispatcher.schedule;

import java.util.Optional;
import java.util.regex.Pattern;

/** Names a schedule of a tenant. */
record ScheduleKey(String tenant, String name) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The key that this text names, as {@link #toString} has it. */
    static Optional<ScheduleKey> parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? Optional.empty()
                : Optional.of(new ScheduleKey(text.substring(0, slash), text.substring(slash + 1)));
    }

    @Override
    public String toString() {
        return tenant + "/" + name;
    }
}
