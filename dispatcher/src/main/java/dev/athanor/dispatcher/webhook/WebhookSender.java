package dev.athanor.dispatcher.webhook;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sends messages to addresses that anybody may have named: a host's addresses are looked up once,
 * must all be of the internet, and one of them is connected to, so that no second look-up can lead
 * elsewhere. Redirections are not followed, of an answer no more is read than its first line, and
 * all of it ends after a while. Safe for any number of threads.
 */
final class WebhookSender {
    private static final int LONGEST_LINE = 1_024;
    private static final int GONE = 410;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})( .*)?");

    private final Resolver resolver;
    private final SSLSocketFactory secure;
    private final ScheduledExecutorService timer;
    private final Duration timeout;
    private final boolean isPrivateAllowed;

    /** Looks a host's addresses up. */
    @FunctionalInterface
    interface Resolver {
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    /**
     * @param timer ends what takes too long; stays its giver's to close
     * @param timeout of a whole delivery
     * @param isPrivateAllowed whether addresses of one's own network may be told
     */
    WebhookSender(
            Resolver resolver,
            SSLSocketFactory secure,
            ScheduledExecutorService timer,
            Duration timeout,
            boolean isPrivateAllowed) {
        this.resolver = resolver;
        this.secure = secure;
        this.timer = timer;
        this.timeout = timeout;
        this.isPrivateAllowed = isPrivateAllowed;
    }

    /**
     * Sends a message and waits for its answer.
     *
     * @param headers beside those of every request
     */
    Delivery send(WebhookUrl url, Map<String, String> headers, byte[] body) {
        List<InetAddress> addresses;
        try {
            addresses = resolver.addresses(url.host());
        } catch (UnknownHostException e) {
            return new Delivery.Failed(0, "there is no host " + url.host());
        }
        if (!isPrivateAllowed && !addresses.stream().allMatch(PublicAddresses::contain)) {
            return new Delivery.Refused(
                    0,
                    "%s is an address of a private network, which the operator has not allowed"
                            .formatted(url.host()));
        }
        // Closing the socket ends what waits for it, a handshake that drips included.
        try (Socket socket = new Socket()) {
            ScheduledFuture<?> end =
                    timer.schedule(() -> close(socket), timeout.toMillis(), TimeUnit.MILLISECONDS);
            try {
                return exchange(socket, addresses.getFirst(), url, headers, body);
            } finally {
                end.cancel(false);
            }
        } catch (IOException e) {
            return new Delivery.Failed(0, "it does not answer: " + e);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Whoever uses it sees that.
            return;
        }
    }

    private Delivery exchange(
            Socket socket,
            InetAddress address,
            WebhookUrl url,
            Map<String, String> headers,
            byte[] body)
            throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        socket.connect(new InetSocketAddress(address, url.port()), millis);
        socket.setSoTimeout(millis);
        if (!url.isSecure()) {
            return exchange(socket, url, headers, body);
        }
        try (SSLSocket encrypted =
                (SSLSocket) secure.createSocket(socket, url.host(), url.port(), true)) {
            SSLParameters parameters = encrypted.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            encrypted.setSSLParameters(parameters);
            encrypted.startHandshake();
            return exchange(encrypted, url, headers, body);
        }
    }

    private static Delivery exchange(
            Socket socket, WebhookUrl url, Map<String, String> headers, byte[] body)
            throws IOException {
        OutputStream out = new BufferedOutputStream(socket.getOutputStream());
        StringBuilder head = new StringBuilder();
        head.append("POST %s HTTP/1.1\r\n".formatted(url.target()));
        header(head, "Host", url.authority());
        header(head, "Content-Type", "application/json");
        header(head, "Content-Length", Integer.toString(body.length));
        header(head, "Connection", "close");
        header(head, "User-Agent", "athanor");
        headers.forEach((name, value) -> header(head, name, value));
        head.append("\r\n");
        out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
        return delivery(line(socket.getInputStream()));
    }

    private static void header(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n' && next >= 0; next = in.read()) {
            if (line.length() == LONGEST_LINE) {
                throw new IOException("its first line does not end");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    private static Delivery delivery(String line) {
        Matcher status = STATUS.matcher(line);
        if (!status.matches()) {
            return new Delivery.Failed(0, "its answer is none of HTTP");
        }
        int code = Integer.parseInt(status.group(1));
        if (code >= 200 && code < 300) {
            return new Delivery.Delivered(code);
        }
        if (code == GONE) {
            return new Delivery.Refused(code, "it wants no more messages (410)");
        }
        return new Delivery.Failed(
                code,
                code >= 300 && code < 400
                        ? "it leads elsewhere (%d), which is not followed".formatted(code)
                        : "it answered %d".formatted(code));
    }
}
