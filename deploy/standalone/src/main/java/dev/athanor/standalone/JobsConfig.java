package dev.athanor.standalone;

import dev.athanor.dispatcher.DispatcherConfig;
import java.util.Optional;

/**
 * How jobs are kept and asked for.
 *
 * @param httpPort of the dispatcher's door, on this machine only, 0 to 65535; 0 takes a free one
 * @param databaseUrl of JDBC, of a PostgreSQL of one's own; empty: one is embedded, and its data is
 *     in the data folder
 * @param maxQueued how many jobs of a tenant may wait for one machine type, from 1
 * @param privateWebhooks whether addresses of private networks may be told of ends of jobs
 */
public record JobsConfig(
        int httpPort, Optional<String> databaseUrl, int maxQueued, boolean privateWebhooks) {
    /** With as much in a queue as is usual, and no webhooks of private networks. */
    public JobsConfig(int httpPort, Optional<String> databaseUrl) {
        this(httpPort, databaseUrl, DispatcherConfig.DEFAULT_MAX_QUEUED_JOBS, false);
    }

    /** Without the URL, which may have a password in it. */
    @Override
    public String toString() {
        return "JobsConfig[httpPort=%d, isEmbedded=%s]".formatted(httpPort, databaseUrl.isEmpty());
    }
}
