package dev.athanor.dispatcher.function;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Base64;
import java.util.UUID;

/** What strings look like that stand for something else. */
final class TextFormat {
    private static final int UUID_LENGTH = 36;

    private TextFormat() {}

    /** Whether the text is of that format; of one that is not checked here, every text is. */
    static boolean fits(String format, String text) {
        try {
            return switch (format) {
                case "uuid" ->
                        text.length() == UUID_LENGTH
                                && UUID.fromString(text).toString().equalsIgnoreCase(text);
                case "date" -> LocalDate.parse(text).toString().equals(text);
                case "byte" -> Base64.getDecoder().decode(text) != null;
                default -> true;
            };
        } catch (DateTimeException | IllegalArgumentException e) {
            return false;
        }
    }
}
