package dev.athanor.standalone;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/** Functions that are registered. They need nothing but the JDK. */
final class RegisteredErrands {
    private RegisteredErrands() {}

    /** What a function takes and returns. */
    record Order(String item, int count, LocalDate due, Optional<String> note) {}

    static Order next(Order order) {
        return new Order(
                order.item(), order.count() + 1, order.due().plusDays(1), Optional.empty());
    }

    static String fail(String why) {
        throw new IllegalStateException(why);
    }

    static String shout(String text, int times) {
        return text.toUpperCase(Locale.ROOT) + "!".repeat(times);
    }
}
