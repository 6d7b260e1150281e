package dev.athanor.dispatcher.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL with the present schema. Safe for any number of threads. */
public final class Database implements AutoCloseable {
    private static final String MIGRATIONS = "classpath:dev/athanor/dispatcher/database";
    private static final String URL_PREFIX = "jdbc:postgresql:";
    private static final int MOST_CONNECTIONS = 10;

    /** How long a connection may take to be had: work that waits for one is tried again anyway. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** A server that went away without a word is noticed after this. */
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

    private final HikariDataSource pool;

    private Database(HikariDataSource pool) {
        this.pool = pool;
    }

    /** What is done in one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /**
     * Connects, and brings the schema up to date; of several processes that do so at once, one
     * does.
     *
     * @param url of JDBC, {@code jdbc:postgresql://host/database?user=…}
     * @throws IllegalArgumentException when the URL is not one of PostgreSQL
     * @throws DatabaseException when it does not answer, or was made by a newer release
     */
    public static Database open(String url) {
        if (!url.startsWith(URL_PREFIX)) {
            throw new IllegalArgumentException(
                    "the database's URL does not begin with " + URL_PREFIX);
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setPoolName("athanor");
        config.setMaximumPoolSize(MOST_CONNECTIONS);
        config.setMinimumIdle(1);
        config.setAutoCommit(false);
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        config.addDataSourceProperty("socketTimeout", Long.toString(SOCKET_TIMEOUT.toSeconds()));
        config.addDataSourceProperty("ApplicationName", "athanor-dispatcher");
        return new Database(migrated(pool(config)));
    }

    private static HikariDataSource pool(HikariConfig config) {
        try {
            return new HikariDataSource(config);
        } catch (PoolInitializationException e) {
            throw new DatabaseException("cannot connect to the database: " + reason(e), e);
        }
    }

    private static HikariDataSource migrated(HikariDataSource pool) {
        try {
            Flyway.configure().dataSource(pool).locations(MIGRATIONS).load().migrate();
            return pool;
        } catch (FlywayException e) {
            pool.close();
            throw new DatabaseException("cannot prepare the database: " + e.getMessage(), e);
        }
    }

    private static @Nullable String reason(Exception e) {
        return e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
    }

    /**
     * Does the work in one transaction, which is undone when it throws.
     *
     * @throws DatabaseException when the database does not answer, or refuses; whether a commit
     *     that it did not answer happened is not known
     */
    public <T> T transaction(Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            try {
                T result = work.in(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw new DatabaseException("the database failed: " + e.getMessage(), e);
        }
    }

    /** Connections of the same pool, which commit nothing by themselves; closed with this. */
    public DataSource source() {
        return pool;
    }

    private static void rollBack(Connection connection, Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
