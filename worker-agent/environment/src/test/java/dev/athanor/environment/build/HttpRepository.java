package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A Maven repository on the loopback address, with as many artifacts as a test puts there. */
final class HttpRepository implements AutoCloseable {
    static final String USER = "jane";
    static final String PASSWORD = "correct-horse-battery";

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<String> headers = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    private HttpRepository(boolean closed) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var context = server.createContext("/", this::answer);
        if (closed) {
            context.setAuthenticator(
                    new BasicAuthenticator("repository") {
                        @Override
                        public boolean checkCredentials(String user, String password) {
                            return user.equals(USER) && password.equals(PASSWORD);
                        }
                    });
        }
        server.setExecutor(threads);
        server.start();
    }

    static HttpRepository open() throws IOException {
        return new HttpRepository(false);
    }

    static HttpRepository withPassword() throws IOException {
        return new HttpRepository(true);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/maven";
    }

    List<String> requests() {
        return requests;
    }

    /** Values of the header Private-Token, as they came. */
    List<String> tokens() {
        return headers;
    }

    /** Adds a jar with a POM that names its dependencies. */
    HttpRepository addJar(String group, String artifact, String version, String... dependencies) {
        StringBuilder pom = new StringBuilder("<project><modelVersion>4.0.0</modelVersion>");
        pom.append(ids(group, artifact, version)).append("<dependencies>");
        for (String dependency : dependencies) {
            Coordinate needed = Coordinate.parse(dependency);
            pom.append("<dependency>")
                    .append(ids(needed.group(), needed.artifact(), needed.version()))
                    .append("</dependency>");
        }
        return add(group, artifact, version, pom.append("</dependencies></project>").toString());
    }

    /** Adds a jar with a POM as given. */
    HttpRepository add(String group, String artifact, String version, String pom) {
        String path = path(group, artifact, version);
        put(path + ".pom", pom.getBytes(UTF_8));
        put(path + ".jar", ("jar of " + artifact).getBytes(UTF_8));
        return this;
    }

    /** Removes one file of an artifact again. */
    void remove(String group, String artifact, String version, String suffix) {
        files.remove(path(group, artifact, version) + suffix);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }

    private static String path(String group, String artifact, String version) {
        return String.join("/", "/maven", group.replace('.', '/'), artifact, version, artifact)
                + "-"
                + version;
    }

    private void put(String path, byte[] content) {
        files.put(path, content);
        files.put(path + ".sha1", sha1(content).getBytes(UTF_8));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            requests.add(path);
            @Nullable String token = exchange.getRequestHeaders().getFirst("Private-Token");
            if (token != null) {
                headers.add(token);
            }
            byte[] content = files.get(path);
            if (content == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private static String ids(String group, String artifact, String version) {
        return "<groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>"
                .formatted(group, artifact, version);
    }

    private static String sha1(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
