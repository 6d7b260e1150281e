package dev.athanor.agent.machine;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes of memory. */
final class MemorySize {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}) ?([KMGT]i?B)");
    private static final String UNITS = "KMGT";
    private static final int BITS_OF_A_UNIT = 10;

    private MemorySize() {}

    /**
     * The size in bytes. As in the reference, MB and GB are powers of two.
     *
     * @throws IllegalArgumentException when it is none
     */
    static long parse(String text) {
        Matcher matcher = FORM.matcher(text.strip().toUpperCase(Locale.ROOT).replace("IB", "iB"));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "memory '%s' is no size: write it as 256MB or 1GB".formatted(text));
        }
        int unit = UNITS.indexOf(matcher.group(2).charAt(0)) + 1;
        return Long.parseLong(matcher.group(1)) << (BITS_OF_A_UNIT * unit);
    }
}
