package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.dispatcher.queue.Queues;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.keys.TrustBase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that mean no good, at a door that nothing lies behind. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HttpLimitsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String JOB =
            "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + JobsResource.INVOCATION;

    private HttpDoor door;

    @BeforeEach
    void open() {
        door =
                HttpDoor.open(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new HttpLimits(
                                1_000,
                                3,
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(1),
                                2_000,
                                Duration.ofSeconds(1),
                                10_000),
                        new HttpServices(
                                TrustBase.open(
                                        Optional.empty(),
                                        "default",
                                        () -> null,
                                        (kind, refusal) -> {},
                                        InstantSource.system()),
                                "default",
                                () -> null,
                                PATIENCE,
                                new Queues(
                                        Admin.create(Map.of("bootstrap.servers", "localhost:1")),
                                        () -> (AgentView) null,
                                        PATIENCE,
                                        System::nanoTime),
                                null,
                                null,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                () -> false));
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void whereThereIsNoDatabaseThereAreNoJobs() throws Exception {
        try (Socket client = client("GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            assertThat(answer(client)).contains(" 501 ", "urn:athanor:problem:no-jobs");
        }
    }

    @Test
    void itIsNotReadyWhereItsDispatcherIsNot() throws Exception {
        try (Socket client = client("GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            assertThat(answer(client)).contains(" 503 ", "not ready");
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWhetherItSaysSoOrNot() throws Exception {
        try (Socket client = client(JOB + "\r\nContent-Length: 1001\r\n\r\n")) {
            assertThat(answer(client)).contains(" 413 ", "urn:athanor:problem:too-large");
        }
        String chunk = "3e9\r\n" + "x".repeat(1_001) + "\r\n0\r\n\r\n";
        try (Socket client = client(JOB + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk)) {
            assertThat(answer(client)).contains(" 413 ", "urn:athanor:problem:too-large");
        }
    }

    @Test
    void aBodyThatComesTooSlowlyIsNotWaitedFor() throws Exception {
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
                Socket client = client(JOB + "\r\nContent-Length: 900\r\n\r\n")) {
            // Ends with the first failure.
            var _ = clock.scheduleAtFixedRate(() -> drip(client), 50, 50, TimeUnit.MILLISECONDS);

            assertThat(answer(client)).contains(" 408 ", "urn:athanor:problem:timeout");
        }
    }

    private static void drip(Socket client) {
        try {
            client.getOutputStream().write('x');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whoSaysNothingIsDisconnected() throws Exception {
        try (Socket silent = client("");
                Socket half = client(JOB + "\r\nContent-Length: 900\r\n\r\nx")) {
            assertThat(silent.getInputStream().readAllBytes()).isEmpty();
            assertThat(new String(half.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .doesNotContain(" 202 ");
        }
    }

    @Test
    void thereAreOnlySoManyConnections() throws Exception {
        String request = "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (Socket first = client(request);
                Socket second = client(request);
                Socket third = client(request)) {
            for (Socket client : new Socket[] {first, second, third}) {
                assertThat(answer(client)).contains(" 200 ");
            }
            try (Socket beyond = client(request)) {
                beyond.setSoTimeout(300);
                assertThatThrownBy(() -> answer(beyond)).isInstanceOf(SocketTimeoutException.class);
                first.shutdownOutput();
                beyond.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
                assertThat(answer(beyond)).contains(" 200 ");
            }
        }
    }

    private Socket client(String request) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), door.uri().getPort());
        client.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    /** As much as has come when something has. */
    private static String answer(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        byte[] bytes = new byte[10_000];
        int read = in.read(bytes);
        return read < 0 ? "" : new String(bytes, 0, read, StandardCharsets.UTF_8);
    }
}
