package dev.athanor.dispatcher.function;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a function is registered under: one to eight parts with slashes between them, such as {@code
 * jokes/tell}, 200 characters at most. It is a part of addresses, so that it has nothing that would
 * have to be written otherwise there, and no part that stands for something else.
 */
final class FunctionName {
    private static final int LONGEST = 200;
    private static final int MOST_PARTS = 8;
    private static final int SHOWN = 60;
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
    private static final Set<String> RESERVED = Set.of("jobs", "versions", "current");

    private FunctionName() {}

    /**
     * @throws FunctionException when it can be none
     */
    static String checked(String name) {
        List<String> parts = Arrays.asList(name.split("/", -1));
        boolean isOne =
                name.length() <= LONGEST
                        && parts.size() <= MOST_PARTS
                        && parts.stream().allMatch(part -> PART.matcher(part).matches());
        if (!isOne) {
            throw FunctionException.invalid(
                    "'%s' is no name of a function: it has one to %d parts with '/' between them, each of"
                                    .formatted(shown(name), MOST_PARTS)
                            + " letters, digits, '_', '-' and '.', the first a letter or digit, and %d"
                                    .formatted(LONGEST)
                            + " characters at most");
        }
        parts.stream()
                .filter(RESERVED::contains)
                .findFirst()
                .ifPresent(part -> {
                    throw FunctionException.invalid(
                            "'%s' is no name of a function: no part of it is called '%s'"
                                    .formatted(name, part));
                });
        return name;
    }

    private static String shown(String name) {
        return name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "…";
    }
}
