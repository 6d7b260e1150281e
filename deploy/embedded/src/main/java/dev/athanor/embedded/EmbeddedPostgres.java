package dev.athanor.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real PostgreSQL on the loopback interface, its data in a folder that survives restarts and that
 * only its owner may read. Nobody gets in without the password, which is made at the first start.
 * It ends with this process, however that ends. Safe for any number of threads.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final String USER = "athanor";
    private static final String DATABASE = "postgres";
    private static final int PASSWORD_BYTES = 24;
    private static final int BIND_ATTEMPTS = 3;
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(1);

    /** After a crash it reads its log again first. */
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);

    /**
     * Stops the server once its standard input ends, which this process alone holds. Ctrl-C goes to
     * it too, and is not for it: what uses the database ends first.
     */
    private static final String WATCH =
            "trap '' INT TERM HUP; cat >/dev/null; exec \"$@\" stop -m fast -w -t 60";

    private final Process watch;
    private final int port;
    private final String password;

    private EmbeddedPostgres(Process watch, int port, String password) {
        this.watch = watch;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts it and returns once it takes connections: after about 3 s for the first time, when it
     * is unpacked and its data made, and half a second later. What an earlier process left running
     * there is stopped.
     *
     * @param folder of its own, where everything is, or will be; made when missing; of one process
     *     at a time
     * @throws EmbeddedPostgresException when it does not start
     */
    public static EmbeddedPostgres start(Path folder) throws InterruptedException {
        try {
            makePrivate(folder);
            PostgresPrograms programs = new PostgresPrograms(PostgresBinaries.in(folder));
            String password = password(folder.resolve("password"));
            Path data = folder.resolve("data");
            Path log = folder.resolve("log");
            Files.deleteIfExists(log);
            if (!Files.exists(data)) {
                make(data, programs, folder.resolve("password"), log);
            }
            stopOrphan(data, programs, log);
            int port = startServer(data, programs, log);
            Process watch = watch(data, programs, log);
            return new EmbeddedPostgres(watch, port, password);
        } catch (IOException | IllegalStateException e) {
            throw new EmbeddedPostgresException(
                    "cannot keep a PostgreSQL in the folder %s: %s"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }

    private static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    private static String password(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            Path part = file.resolveSibling("password.part");
            Files.writeString(part, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
            Files.move(part, file);
        }
        return Files.readString(file, StandardCharsets.UTF_8).strip();
    }

    /** As a whole, or not at all. */
    private static void make(Path data, PostgresPrograms programs, Path password, Path log)
            throws IOException, InterruptedException {
        Path part = data.resolveSibling("data.part");
        PostgresBinaries.delete(part);
        boolean isMade =
                programs.run(
                        log,
                        START_PATIENCE,
                        "initdb",
                        "--pgdata=" + part,
                        "--username=" + USER,
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--no-locale",
                        "--no-instructions");
        if (!isMade) {
            throw failure(programs, log);
        }
        Files.move(part, data);
    }

    /**
     * A server that outlived its process is stopped. What its file says is believed only of a
     * PostgreSQL: after a restart of the machine another program may have its number.
     */
    private static void stopOrphan(Path data, PostgresPrograms programs, Path log)
            throws IOException, InterruptedException {
        Path pid = data.resolve("postmaster.pid");
        if (!Files.exists(pid)) {
            return;
        }
        if (orphan(pid).isEmpty()) {
            Files.delete(pid);
            return;
        }
        boolean isStopped =
                programs.run(
                        log,
                        STOP_PATIENCE,
                        "pg_ctl",
                        "--pgdata=" + data,
                        "stop",
                        "--mode=immediate",
                        "--wait");
        // Where it ended by itself meanwhile, there was nothing to stop.
        if (!isStopped && orphan(pid).isPresent()) {
            throw failure(programs, log);
        }
    }

    private static Optional<ProcessHandle> orphan(Path pid) throws IOException {
        if (!Files.exists(pid)) {
            return Optional.empty();
        }
        return Files.readAllLines(pid).stream()
                .findFirst()
                .filter(line -> line.matches("\\d{1,18}"))
                .flatMap(line -> ProcessHandle.of(Long.parseLong(line)))
                .filter(process ->
                        process.info()
                                .command()
                                .filter(command -> command.contains("/bin/postgres"))
                                .isPresent());
    }

    private static int startServer(Path data, PostgresPrograms programs, Path log)
            throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            int port = KafkaNodes.freePort(0);
            boolean isStarted =
                    programs.run(
                            log,
                            START_PATIENCE,
                            "pg_ctl",
                            "--pgdata=" + data,
                            "start",
                            "--wait",
                            "--timeout=" + START_PATIENCE.toSeconds(),
                            "--log=" + log,
                            "--options=-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories="
                                    .formatted(port));
            if (isStarted) {
                return port;
            }
            // Another program took the port first.
            boolean isTaken = Files.readString(log).contains("could not bind");
            if (!isTaken || attempt == BIND_ATTEMPTS) {
                throw failure(programs, log);
            }
        }
    }

    private static Process watch(Path data, PostgresPrograms programs, Path log)
            throws IOException {
        List<String> command = programs.command("pg_ctl", "--pgdata=" + data);
        command.addAll(0, List.of("/bin/sh", "-c", WATCH, "athanor-postgres"));
        return PostgresPrograms.builder(log, command).start();
    }

    private static EmbeddedPostgresException failure(PostgresPrograms programs, Path log)
            throws IOException {
        return new EmbeddedPostgresException(
                "the embedded PostgreSQL did not start: %s (its log is %s), or name a PostgreSQL of"
                                .formatted(programs.reason(log), log)
                        + " your own by --database-url",
                null);
    }

    /** Where it is, for JDBC; with the password in it. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s"
                .formatted(port, DATABASE, USER, password);
    }

    /** Stops it, and returns once it has ended. */
    @Override
    public void close() {
        try {
            watch.getOutputStream().close();
            if (!watch.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new EmbeddedPostgresException("the embedded PostgreSQL does not stop", null);
            }
        } catch (IOException e) {
            throw new EmbeddedPostgresException("the embedded PostgreSQL was not told to stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
