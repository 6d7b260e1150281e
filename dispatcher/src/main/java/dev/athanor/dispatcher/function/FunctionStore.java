package dev.athanor.dispatcher.function;

import dev.athanor.dispatcher.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Functions and their versions in the database. Safe for any number of threads and processes: who
 * changes a function holds its row. Every method throws {@link
 * dev.athanor.dispatcher.database.DatabaseException} when the database does not answer.
 */
final class FunctionStore {
    private static final String INSERT_FUNCTION =
            """
            INSERT INTO functions (tenant, name, current, next, changed_at) VALUES (?, ?, NULL, 1, ?)
            ON CONFLICT DO NOTHING
            """;
    private static final String LOCK =
            """
            SELECT f.current, f.next, v.digest = ? FROM functions f
            LEFT JOIN function_versions v
                ON v.tenant = f.tenant AND v.name = f.name AND v.version = f.current
            WHERE f.tenant = ? AND f.name = ? FOR UPDATE OF f
            """;

    /** Whoever forgets bundles waits for this, and then sees that they are needed. */
    private static final String TOUCH_BUNDLE =
            "UPDATE bundles SET seen_at = ? WHERE tenant = ? AND digest = ?";

    private static final String INSERT_VERSION =
            """
            INSERT INTO function_versions (tenant, name, version, created_at, digest, deployment)
            VALUES (?, ?, ?, ?, ?, ?)
            """;
    private static final String INSERT_BUNDLE =
            """
            INSERT INTO version_bundles (tenant, name, version, digest) VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """;
    private static final String MOVE =
            "UPDATE functions SET current = ?, next = ?, changed_at = ? WHERE tenant = ? AND name = ?";
    private static final String SET_CURRENT =
            "UPDATE functions SET current = ?, changed_at = ? WHERE tenant = ? AND name = ?";
    private static final String FORGET =
            "UPDATE functions SET current = NULL, changed_at = ? WHERE tenant = ? AND name = ?";
    private static final String DELETE_VERSIONS =
            "DELETE FROM function_versions WHERE tenant = ? AND name = ?";
    private static final String DELETE_VERSION = DELETE_VERSIONS + " AND version = ?";
    private static final String SELECT =
            """
            SELECT f.name, v.version, f.current, v.created_at, v.deployment FROM functions f
            JOIN function_versions v ON v.tenant = f.tenant AND v.name = f.name
            WHERE f.tenant = ?
            """;
    private static final String FIND_CURRENT = SELECT + " AND f.name = ? AND v.version = f.current";
    private static final String FIND = SELECT + " AND f.name = ? AND v.version = ?";
    private static final String LIST =
            SELECT + " AND v.version = f.current AND f.name > ? ORDER BY f.name LIMIT ?";
    private static final String LIST_VERSIONS =
            SELECT
                    + " AND f.name = ? AND f.current IS NOT NULL AND v.version < ?"
                    + " ORDER BY v.version DESC LIMIT ?";

    private final Database database;
    private final InstantSource clock;

    /**
     * A function's row.
     *
     * @param isSame whether the current version is the deployment in question
     */
    private record Head(OptionalInt current, int next, boolean isSame) {}

    FunctionStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Makes a version current that is new, unless the current one is just that.
     *
     * @throws FunctionException when a bundle is not there
     */
    Deployed deploy(String tenant, String name, Deployment deployment) {
        String text = DeploymentJson.text(deployment);
        byte[] digest = DeploymentJson.digest(text);
        long now = clock.millis();
        return database.transaction(connection -> {
            Sql.update(connection, INSERT_FUNCTION, tenant, name, now);
            Head head = lock(connection, tenant, name, digest).orElseThrow();
            if (head.current().isPresent() && head.isSame()) {
                return new Deployed(head.current().getAsInt(), false);
            }
            int version = head.next();
            for (String bundle : deployment.bundles()) {
                byte[] bytes = HexFormat.of().parseHex(bundle);
                if (Sql.update(connection, TOUCH_BUNDLE, now, tenant, bytes) == 0) {
                    throw new FunctionException(
                            FunctionException.Reason.CONFLICT,
                            "the bundle %s is not here: send it first".formatted(bundle));
                }
            }
            Sql.update(connection, INSERT_VERSION, tenant, name, version, now, digest, text);
            for (String bundle : deployment.bundles()) {
                byte[] bytes = HexFormat.of().parseHex(bundle);
                Sql.update(connection, INSERT_BUNDLE, tenant, name, version, bytes);
            }
            Sql.update(connection, MOVE, version, version + 1, now, tenant, name);
            return new Deployed(version, true);
        });
    }

    /** Has another version called where none is named. */
    void rollBack(String tenant, String name, int version) {
        long now = clock.millis();
        database.transaction(connection -> {
            locked(connection, tenant, name);
            if (Sql.query(connection, row -> 1, FIND, tenant, name, version).isEmpty()) {
                throw noSuchVersion(name, version);
            }
            return Sql.update(connection, SET_CURRENT, version, now, tenant, name);
        });
    }

    void delete(String tenant, String name) {
        long now = clock.millis();
        database.transaction(connection -> {
            locked(connection, tenant, name);
            Sql.update(connection, FORGET, now, tenant, name);
            return Sql.update(connection, DELETE_VERSIONS, tenant, name);
        });
    }

    void delete(String tenant, String name, int version) {
        database.transaction(connection -> {
            Head head = locked(connection, tenant, name);
            if (head.current().getAsInt() == version) {
                throw new FunctionException(
                        FunctionException.Reason.CONFLICT,
                        "version %d is the current one of %s: make another one current first"
                                .formatted(version, name));
            }
            if (Sql.update(connection, DELETE_VERSION, tenant, name, version) == 0) {
                throw noSuchVersion(name, version);
            }
            return 1;
        });
    }

    private static Head locked(Connection connection, String tenant, String name)
            throws SQLException {
        return lock(connection, tenant, name, new byte[0])
                .filter(head -> head.current().isPresent())
                .orElseThrow(() -> noSuchFunction(name));
    }

    private static Optional<Head> lock(
            Connection connection, String tenant, String name, byte[] digest) throws SQLException {
        return Sql.query(connection, FunctionStore::head, LOCK, digest, tenant, name).stream()
                .findFirst();
    }

    private static Head head(ResultSet row) throws SQLException {
        int current = row.getInt(1);
        OptionalInt known = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(current);
        return new Head(known, row.getInt(2), row.getBoolean(3));
    }

    /**
     * @param version empty: the current one
     * @throws FunctionException when there is none
     */
    FunctionVersion find(String tenant, String name, OptionalInt version) {
        List<FunctionVersion> found =
                database.transaction(connection ->
                        version.isEmpty()
                                ? Sql.query(
                                        connection,
                                        FunctionStore::version,
                                        FIND_CURRENT,
                                        tenant,
                                        name)
                                : Sql.query(
                                        connection,
                                        FunctionStore::version,
                                        FIND,
                                        tenant,
                                        name,
                                        version.getAsInt()));
        return found.stream()
                .findFirst()
                .orElseThrow(() ->
                        version.isEmpty()
                                ? noSuchFunction(name)
                                : noSuchVersion(name, version.getAsInt()));
    }

    /** Current versions, by name, those after a name. */
    List<FunctionVersion> list(String tenant, String after, int limit) {
        return database.transaction(connection ->
                Sql.query(connection, FunctionStore::version, LIST, tenant, after, limit));
    }

    /** Versions of a function, the newest first, those before a version. */
    List<FunctionVersion> versions(String tenant, String name, int before, int limit) {
        return database.transaction(connection ->
                Sql.query(
                        connection,
                        FunctionStore::version,
                        LIST_VERSIONS,
                        tenant,
                        name,
                        before,
                        limit));
    }

    private static FunctionVersion version(ResultSet row) throws SQLException {
        return new FunctionVersion(
                row.getString(1),
                row.getInt(2),
                row.getInt(3),
                Instant.ofEpochMilli(row.getLong(4)),
                DeploymentJson.kept(row.getString(5)));
    }

    private static FunctionException noSuchFunction(String name) {
        return FunctionException.notFound("there is no function " + name);
    }

    private static FunctionException noSuchVersion(String name, int version) {
        return FunctionException.notFound("there is no version %d of %s".formatted(version, name));
    }
}
