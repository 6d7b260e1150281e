package dev.athanor.dispatcher.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a webhook's receiver may do, each of them one of the test's own. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class WebhookSenderIT {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress INTERNET = InetAddress.ofLiteral("1.1.1.1");

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger lookUps = new AtomicInteger();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    /** Answers one connection. */
    @FunctionalInterface
    private interface Receiver {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void aMessageIsDeliveredWithWhatItsReceiverChecks() throws Exception {
        Delivery delivery = deliver(text("HTTP/1.1 204 No Content\r\n\r\n"));

        assertThat(delivery).isEqualTo(new Delivery.Delivered(204));
        assertThat(received.poll(30, TimeUnit.SECONDS))
                .startsWith("POST /hook?x=1 HTTP/1.1\r\nHost: acme.test:")
                .contains("webhook-id: id\r\n", "Content-Length: 2\r\n", "Connection: close\r\n")
                .endsWith("\r\n\r\n{}");
        assertThat(lookUps).as("no second look-up can lead elsewhere").hasValue(1);
    }

    @Test
    void aRedirectionIsNotFollowed() throws Exception {
        assertThat(deliver(text("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n")))
                .isEqualTo(
                        new Delivery.Failed(
                                302, "it leads elsewhere (302), which is not followed"));
    }

    @Test
    void whoWantsNoMoreIsToldNoMore() throws Exception {
        assertThat(deliver(text("HTTP/1.1 410 Gone\r\n\r\n"))).isInstanceOf(Delivery.Refused.class);
        assertThat(deliver(text("HTTP/1.1 503 Later\r\n\r\n")))
                .isEqualTo(new Delivery.Failed(503, "it answered 503"));
    }

    @Test
    void whatIsNoAnswerIsAFailureWhateverItIs() throws Exception {
        for (String nonsense : List.of("", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 2000\r\n", "\0\0\n")) {
            assertThat(deliver(text(nonsense)))
                    .as(nonsense)
                    .isInstanceOfSatisfying(
                            Delivery.Failed.class, failed -> assertThat(failed.status()).isZero());
        }
        assertThat(
                        deliver(out -> {
                            byte[] endless = "x".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
                            out.write(endless);
                        }))
                .isInstanceOf(Delivery.Failed.class);
    }

    @Test
    void whoIsSilentOrDripsIsLeftAfterAWhile() throws Exception {
        long begin = System.nanoTime();

        assertThat(deliver(out -> TimeUnit.SECONDS.sleep(20))).isInstanceOf(Delivery.Failed.class);
        assertThat(
                        deliver(out -> {
                            for (int i = 0; i < 100; i++) {
                                out.write('H');
                                out.flush();
                                TimeUnit.MILLISECONDS.sleep(200);
                            }
                        }))
                .isInstanceOf(Delivery.Failed.class);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void addressesOfOnesOwnNetworkAreNotEvenConnectedTo() {
        for (List<InetAddress> addresses :
                List.of(List.of(HERE), List.of(INTERNET, HERE), List.of(HERE, INTERNET))) {
            WebhookSender sender = sender(host -> addresses, false);

            assertThat(sender.send(new WebhookUrl(false, "acme.test", 1, "/"), Map.of(), body()))
                    .isInstanceOfSatisfying(
                            Delivery.Refused.class,
                            refused -> assertThat(refused.problem()).contains("private network"));
        }
    }

    @Test
    void aHostThatThereIsNotIsTriedAgain() {
        WebhookSender sender =
                sender(
                        host -> {
                            throw new UnknownHostException(host);
                        },
                        false);

        assertThat(sender.send(new WebhookUrl(true, "acme.test", 443, "/"), Map.of(), body()))
                .isEqualTo(new Delivery.Failed(0, "there is no host acme.test"));
    }

    @Test
    void whoSpeaksNoTlsWhereThatIsAskedForIsAFailure() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, HERE)) {
            serve(server, text("HTTP/1.1 200 OK\r\n\r\n"));
            WebhookUrl url = new WebhookUrl(true, "acme.test", server.getLocalPort(), "/");

            assertThat(sender(host -> List.of(HERE), true).send(url, Map.of(), body()))
                    .isInstanceOf(Delivery.Failed.class);
        }
    }

    private Delivery deliver(Receiver receiver) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, HERE)) {
            serve(server, receiver);
            WebhookUrl url = new WebhookUrl(false, "acme.test", server.getLocalPort(), "/hook?x=1");
            WebhookSender sender =
                    sender(
                            host -> {
                                lookUps.incrementAndGet();
                                return List.of(HERE);
                            },
                            true);
            return sender.send(url, Map.of("webhook-id", "id"), body());
        }
    }

    private void serve(ServerSocket server, Receiver receiver) {
        Thread.ofVirtual()
                .start(() -> {
                    try (Socket client = server.accept()) {
                        byte[] request = new byte[4_096];
                        int length = client.getInputStream().read(request);
                        while (!new String(request, 0, length, StandardCharsets.UTF_8)
                                        .endsWith("{}")
                                && length > 0
                                && request[0] == 'P') {
                            length +=
                                    client.getInputStream()
                                            .read(request, length, request.length - length);
                        }
                        received.add(new String(request, 0, length, StandardCharsets.UTF_8));
                        receiver.answer(client.getOutputStream());
                    } catch (IOException | InterruptedException e) {
                        received.add(e.toString());
                    }
                });
    }

    private static Receiver text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private WebhookSender sender(WebhookSender.Resolver resolver, boolean isPrivateAllowed) {
        return new WebhookSender(
                resolver,
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                timer,
                Duration.ofSeconds(2),
                isPrivateAllowed);
    }

    private static byte[] body() {
        return "{}".getBytes(StandardCharsets.UTF_8);
    }
}
