package dev.athanor.schemas.keys;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Finds out whether a broker speaks TLS: Kafka's clients, set to the wrong one of the two, would
 * try without end and say nothing of use.
 */
public record ListenerProbe(InetSocketAddress server, int timeoutMillis) {
    private static final short API_VERSIONS = 18;
    private static final int CORRELATION_ID = 0x41544841;

    /** Of the first of some addresses, as {@code host:port}; empty where that is none. */
    public static Optional<ListenerProbe> ofFirst(String addresses, Duration timeout) {
        String first = addresses.split(",", 2)[0].strip();
        int colon = first.lastIndexOf(':');
        if (colon < 1 || !first.substring(colon + 1).matches("\\d{1,5}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(first.substring(colon + 1));
        return port > 65_535
                ? Optional.empty()
                : Optional.of(
                        new ListenerProbe(
                                new InetSocketAddress(first.substring(0, colon), port),
                                (int) timeout.toMillis()));
    }

    /** Whether it takes nobody without TLS, as those do that ask for keys. */
    public boolean asksForKeys() {
        return !speaksPlain() && speaksTls();
    }

    /** Whether it shows a certificate. */
    public boolean speaksTls() {
        AtomicBoolean seen = new AtomicBoolean();
        try (SSLSocket socket = (SSLSocket) context(seen).getSocketFactory().createSocket()) {
            socket.connect(server, timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            socket.startHandshake();
        } catch (IOException | GeneralSecurityException e) {
            // Whether it got as far as the certificate is all that counts.
            return seen.get();
        }
        return seen.get();
    }

    /** Nothing is sent over this connection, so it does not matter whose certificate it is. */
    private static SSLContext context(AtomicBoolean seen) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager noting =
                new X509TrustManager() {
                    @Override
                    public void checkClientTrusted(X509Certificate[] chain, String type) {
                        throw new UnsupportedOperationException("is no server");
                    }

                    @Override
                    public void checkServerTrusted(X509Certificate[] chain, String type) {
                        seen.set(true);
                    }

                    @Override
                    public X509Certificate[] getAcceptedIssuers() {
                        return new X509Certificate[0];
                    }
                };
        context.init(null, new TrustManager[] {noting}, new SecureRandom());
        return context;
    }

    /** Whether it answers the first question of Kafka's protocol without TLS. */
    public boolean speaksPlain() {
        try (Socket socket = new Socket()) {
            socket.connect(server, timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write(new byte[] {0, 0, 0, 10, 0, API_VERSIONS, 0, 0});
            out.writeInt(CORRELATION_ID);
            out.writeShort(-1);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = in.readInt();
            return length > 0 && in.readInt() == CORRELATION_ID;
        } catch (IOException e) {
            return false;
        }
    }
}
