package dev.athanor.standalone.demo;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.commons.text.WordUtils;

/** The functions of the tour. They run in sandboxes; this process only names them. */
final class TourFunctions {
    private TourFunctions() {}

    static String hello() {
        return "Hello World";
    }

    /** Needs commons-text, which this process does not have on its class path. */
    static String title(String text) {
        return WordUtils.capitalizeFully(text);
    }

    static long square(long number) {
        return number * number;
    }

    static String joke(String about) {
        if (about.isEmpty()) {
            return "nothing is funnier than nothing";
        }
        throw new IllegalStateException("no joke about " + about.toUpperCase(Locale.ROOT));
    }

    static String countdown(int from) throws InterruptedException {
        for (int left = from; left > 0; left--) {
            System.out.println("   " + left + " …");
            TimeUnit.MILLISECONDS.sleep(300);
        }
        return "lift-off";
    }
}
