package dev.athanor.dispatcher.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseIT {
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    private static String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    @Test
    void severalProcessesPrepareItAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Callable<Database> open = () -> Database.open(url());
            for (Future<Database> opened : threads.invokeAll(List.of(open, open, open))) {
                try (Database database = opened.get()) {
                    assertThat(count(database, "jobs")).isZero();
                }
            }
        }
    }

    @Test
    void workThatThrowsLeavesNothing() {
        try (Database database = Database.open(url())) {
            assertThatThrownBy(() ->
                            database.transaction(connection -> {
                                execute(
                                        connection,
                                        "INSERT INTO ledger_offsets VALUES ('t', 0, 1)");
                                throw new IllegalStateException("half-way");
                            }))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() ->
                            database.transaction(connection -> {
                                execute(
                                        connection,
                                        "INSERT INTO ledger_offsets VALUES ('t', 0, 1)");
                                execute(connection, "no SQL");
                                return 0;
                            }))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("syntax error");

            assertThat(count(database, "ledger_offsets")).isZero();
        }
    }

    @Test
    void aServerThatIsNotThereIsSaidInOneLine() {
        assertThatThrownBy(() -> Database.open("jdbc:postgresql://localhost:1/none?user=nobody"))
                .isInstanceOf(DatabaseException.class)
                .message()
                .contains("cannot connect to the database", "localhost:1")
                .doesNotContain("\n");
    }

    @Test
    void anotherKindOfDatabaseIsRefusedWithoutShowingItsUrl() {
        assertThatThrownBy(() -> Database.open("jdbc:mysql://host/db?password=secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jdbc:postgresql:")
                .hasMessageNotContaining("secret");
    }

    private static long count(Database database, String table) {
        return database.transaction(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
