package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.database.DatabaseException;
import dev.athanor.dispatcher.function.FunctionException;
import dev.athanor.dispatcher.job.JobsUnavailableException;
import dev.athanor.schemas.blob.BlobGoneException;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers HTTP on virtual threads, until it is closed. Safe for any number of threads. */
public final class HttpDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);
    private static final String DESCRIPTION = "openapi.json";

    /** What a browser on this machine may call it; a page from elsewhere calls it otherwise. */
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Javalin javalin;
    private final InetSocketAddress address;
    private final HttpServices services;

    private HttpDoor(Javalin javalin, InetSocketAddress address, HttpServices services) {
        this.javalin = javalin;
        this.address = address;
        this.services = services;
    }

    /**
     * Opens it.
     *
     * @param address where it listens; port 0 takes a free one
     * @throws HttpException when it cannot listen there
     */
    public static HttpDoor open(
            InetSocketAddress address, HttpLimits limits, HttpServices services) {
        byte[] description = description();
        Keys keys = services.keys();
        boolean isLoopback =
                address.getAddress() != null && address.getAddress().isLoopbackAddress();
        Javalin javalin =
                Javalin.create(config -> {
                    Server.configure(config, address, limits);
                    answerProblems(config.routes);
                    if (isLoopback) {
                        config.routes.before(HttpDoor::checkHost);
                    }
                    config.routes.get("/live", context -> context.result("live\n"));
                    config.routes.get("/ready", context -> answerReady(context, services.ready()));
                    config.routes.get(
                            "/v1/openapi.json",
                            context -> context.contentType("application/json").result(description));
                    services.routes(limits).forEach(route -> add(config.routes, route, keys));
                });
        try {
            javalin.start();
        } catch (JavalinBindException e) {
            throw new HttpException(
                    "cannot answer HTTP on %s: the port is in use or not permitted; choose another with"
                                    .formatted(address)
                            + " --http-port",
                    e);
        }
        return new HttpDoor(javalin, address, services);
    }

    private static byte[] description() {
        try (InputStream file =
                Objects.requireNonNull(HttpDoor.class.getResourceAsStream(DESCRIPTION))) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + DESCRIPTION, e);
        }
    }

    private static void add(RoutesConfig routes, Route route, Keys keys) {
        routes.addHttpHandler(
                route.method(),
                route.path(),
                context -> route.action().answer(context, keys.requester(context)));
    }

    private static void answerReady(Context context, BooleanSupplier ready) {
        boolean isReady = ready.getAsBoolean();
        context.status(isReady ? 200 : 503).result(isReady ? "ready\n" : "not ready\n");
    }

    /**
     * A page of another site must not get at what only this machine's users may, by a name of its
     * own.
     */
    private static void checkHost(Context context) {
        String host = context.host();
        String name = host == null ? "" : host.replaceFirst(":\\d+$", "");
        if (!LOOPBACK.contains(name)) {
            throw new ProblemException(
                    ProblemType.MISDIRECTED, "this is localhost, and not " + name);
        }
    }

    private static void answerProblems(RoutesConfig routes) {
        routes.exception(
                ProblemException.class,
                (e, context) -> Answers.write(context, e.type(), String.valueOf(e.getMessage())));
        routes.exception(
                HttpResponseException.class,
                (e, context) -> {
                    ProblemType type = ProblemType.of(e.getStatus());
                    Answers.write(
                            context,
                            type,
                            context.method().name() + " " + context.path() + ": " + type.title());
                });
        routes.exception(
                FunctionException.class,
                (e, context) ->
                        Answers.write(
                                context,
                                FunctionsResource.type(e.reason()),
                                String.valueOf(e.getMessage())));
        routes.exception(DatabaseException.class, (e, context) -> unavailable(context, e));
        routes.exception(
                ClusterUnreachableException.class, (e, context) -> unavailable(context, e));
        routes.exception(JobsUnavailableException.class, (e, context) -> unavailable(context, e));
        routes.exception(
                BlobGoneException.class,
                (e, context) -> {
                    LOG.warn("path={} is gone: {}", context.path(), e.toString());
                    Answers.write(
                            context, ProblemType.GONE, "the result is gone: " + e.getMessage());
                });
        routes.exception(KafkaException.class, (e, context) -> unavailable(context, e));
        routes.exception(
                Exception.class,
                (e, context) -> {
                    LOG.error("method={} path={} failed", context.method(), context.path(), e);
                    Answers.write(context, ProblemType.INTERNAL, "it is in the dispatcher's log");
                });
    }

    private static void unavailable(Context context, Exception e) {
        LOG.warn("path={} cannot be answered now: {}", context.path(), e.toString());
        Answers.write(
                context,
                ProblemType.UNAVAILABLE,
                "Kafka or the database does not answer; try again");
    }

    /** Where it is. */
    public URI uri() {
        return URI.create("http://%s:%d".formatted(address.getHostString(), javalin.port()));
    }

    @Override
    public void close() {
        javalin.stop();
        services.queues().close();
    }
}
