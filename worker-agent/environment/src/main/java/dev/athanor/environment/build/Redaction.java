package dev.athanor.environment.build;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Takes credentials out of text that leaves the package. */
final class Redaction {
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]*(?:@[^/@\\s]*)*@");
    private static final Pattern LINE_ENDS = Pattern.compile("\\s*\\R\\s*");
    private static final String STARS = "***";

    /** Shorter ones would be recognised by the words that the stars tear holes into. */
    private static final int SHORTEST = 4;

    private final List<String> secrets;

    Redaction(List<String> secrets) {
        this.secrets =
                secrets.stream()
                        .filter(secret -> secret.length() >= SHORTEST)
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList();
    }

    /** Replaces user and password in every URL of a text. */
    static String ofUrls(String text) {
        return USER_INFO.matcher(text).replaceAll(STARS + "@");
    }

    /** Returns the text in one line, without credentials. */
    String line(String text) {
        String line = LINE_ENDS.matcher(text.strip()).replaceAll(" ");
        for (String secret : secrets) {
            line = line.replace(secret, STARS);
        }
        return ofUrls(line);
    }
}
