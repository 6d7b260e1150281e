package dev.athanor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir private Path folder;

    @Test
    void keepsItsDataAndLetsNobodyInWithoutItsPassword() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
            answer(postgres.url(), "CREATE TABLE kept AS SELECT 42 AS answer");
            assertThat(answer(postgres.url(), "SHOW fsync")).isEqualTo("on");
            assertThat(answer(postgres.url(), "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(answer(postgres.url(), "SHOW unix_socket_directories")).isEmpty();
            String open = postgres.url().replaceAll("&password=.*", "&password=guessed");
            assertThatThrownBy(() -> answer(open, "SELECT 1"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }

        for (String name : List.of("", "password", "data")) {
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(folder.resolve(name))))
                    .as(name)
                    .endsWith("------");
        }
        assertThat(folder.resolve("data/postmaster.pid")).doesNotExist();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
            assertThat(answer(postgres.url(), "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void endsWithItsProcessAndWhatOutlivedItIsStoppedWithNothingLost() throws Exception {
        Process process = inAProcess();
        String url = process.inputReader().readLine();
        answer(url, "CREATE TABLE kept AS SELECT 43 AS answer");
        Path pid = folder.resolve("data/postmaster.pid");
        long postmaster = Long.parseLong(Files.readAllLines(pid).getFirst());

        process.destroyForcibly();
        await().atMost(PATIENCE).until(() -> ProcessHandle.of(postmaster).isEmpty());

        // As where its watch was killed with it.
        Process again = inAProcess();
        String next = again.inputReader().readLine();
        answer(next, "UPDATE kept SET answer = answer + 1");
        again.children().forEach(ProcessHandle::destroyForcibly);
        again.destroyForcibly();
        again.waitFor();
        assertThat(answer(next, "SELECT answer FROM kept")).isEqualTo("44");

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
            assertThat(answer(postgres.url(), "SELECT answer FROM kept")).isEqualTo("44");
        }
    }

    @Test
    void aNumberThatAnotherProgramHasByNowIsNotBelieved() throws Exception {
        EmbeddedPostgres.start(folder).close();
        Files.writeString(
                folder.resolve("data/postmaster.pid"),
                "%d\n%s\n1\n1\n\n127.0.0.1\n1 1\nready\n"
                        .formatted(ProcessHandle.current().pid(), folder.resolve("data")));

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
            assertThat(answer(postgres.url(), "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void dataOfAnotherReleaseIsSaidInOneLine() throws Exception {
        EmbeddedPostgres.start(folder).close();
        Files.writeString(folder.resolve("data/PG_VERSION"), "9\n");

        assertThatThrownBy(() -> EmbeddedPostgres.start(folder))
                .isInstanceOf(EmbeddedPostgresException.class)
                .message()
                .contains("did not start", "incompatible", "--database-url")
                .doesNotContain("\n");
    }

    @Test
    void aFolderThatIsAFileIsSaidInOneLine() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> EmbeddedPostgres.start(file))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("cannot keep a PostgreSQL in the folder " + file);
    }

    private Process inAProcess() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Says where its PostgreSQL is and holds it; ends with its standard input. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(args[0]))) {
                System.out.println(postgres.url());
                System.in.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    private static String answer(String url, String sql) throws SQLException {
        assertThat(URI.create(url.substring("jdbc:".length())).getHost()).isEqualTo("127.0.0.1");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            ResultSet rows = statement.getResultSet();
            rows.next();
            return rows.getString(1);
        }
    }
}
