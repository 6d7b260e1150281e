package dev.athanor.standalone;

import java.util.Optional;

/**
 * How jobs are kept and asked for.
 *
 * @param httpPort of the dispatcher's door, on this machine only, 0 to 65535; 0 takes a free one
 * @param databaseUrl of JDBC, of a PostgreSQL of one's own; empty: one is embedded, and its data is
 *     in the data folder
 */
public record JobsConfig(int httpPort, Optional<String> databaseUrl) {
    /** Without the URL, which may have a password in it. */
    @Override
    public String toString() {
        return "JobsConfig[httpPort=%d, isEmbedded=%s]".formatted(httpPort, databaseUrl.isEmpty());
    }
}
