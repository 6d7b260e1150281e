package dev.athanor.api.internal.cluster;

import java.util.ServiceLoader;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Keeps SLF4J, which Kafka's clients log to, from printing that nobody receives its log: a program
 * without a logging library did not ask for one.
 */
final class Slf4jNotice {
    private static final String VERBOSITY = "slf4j.internal.verbosity";

    private Slf4jNotice() {}

    /** To be called before the first of Kafka's classes is used. */
    static void silence() {
        boolean unread = ServiceLoader.load(SLF4JServiceProvider.class).findFirst().isEmpty();
        if (unread && System.getProperty(VERBOSITY) == null) {
            System.setProperty(VERBOSITY, "ERROR");
        }
    }
}
