package dev.athanor.api.internal.job;

import dev.athanor.api.AthanorException;
import dev.athanor.api.CancelAnswer;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.Cron;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.api.JobStatus;
import dev.athanor.api.NoSuchJobException;
import dev.athanor.api.QueueFullException;
import dev.athanor.api.Schedule;
import dev.athanor.api.TooLargeException;
import dev.athanor.api.UnavailableException;
import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.keys.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A dispatcher, by its HTTP interface. Every method throws an {@link AthanorException} when it
 * cannot be asked or does not do it. Safe for any number of threads.
 */
public final class DispatcherClient {
    private static final String INVOCATION = "application/vnd.athanor.invocation";
    private static final String REPLY = "application/vnd.athanor.reply";

    private static final String JSON = "application/json";
    private static final String NEXT = "Athanor-Next";

    /** The longest that a dispatcher lets one wait for a result. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** How long an answer may take that is not waited for on purpose. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int MOST_TRIES = 3;
    private static final int MOST_UPLOADS = 30;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /** How long code may take to be sent. */
    private static final Duration UPLOAD_PATIENCE = Duration.ofMinutes(6);

    final Answers answers = new Answers();
    private final URI uri;
    private final Duration connectTimeout;
    private final Optional<String> authorization;
    private final Executor threads;
    private final Object lock = new Object();
    private @Nullable HttpClient http;

    /**
     * @param uri of the dispatcher, such as {@code http://localhost:8700}
     * @param connectTimeout longest wait for a connection
     * @param threads read answers that nobody waits for
     */
    public DispatcherClient(
            URI uri, Optional<Credentials> credentials, Duration connectTimeout, Executor threads) {
        this.uri = uri;
        this.connectTimeout = connectTimeout;
        this.authorization =
                credentials.map(key -> "Bearer %s:%s".formatted(key.keyId(), key.secret()));
        this.threads = threads;
    }

    /**
     * Submits a job. Where this throws that the dispatcher cannot be asked, it may have accepted it
     * all the same. A full queue is waited for, twice for as long as the dispatcher says and 15 s
     * at most.
     *
     * @param envelope as its caller signed it
     * @param idempotencyKey under which it is one job however often it is submitted
     * @param at when it is to run; empty: at once
     * @return its id, or that of the one which was submitted first under the key
     */
    public String submit(
            InvocationEnvelope envelope, Optional<String> idempotencyKey, Optional<Instant> at) {
        String path = "/v1/jobs" + at.map(time -> "?at=" + encoded(time.toString())).orElse("");
        HttpRequest.Builder request =
                request(path, PATIENCE)
                        .header("Content-Type", INVOCATION)
                        .POST(BodyPublishers.ofByteArray(Codec.current().encode(envelope)));
        idempotencyKey.ifPresent(key -> request.header("Idempotency-Key", key));
        return submit(request);
    }

    /** Sends it until there is room, for a while. */
    private String submit(HttpRequest.Builder request) {
        for (int tries = 1; ; tries++) {
            try {
                return answers.id(await(send(request, Long.MAX_VALUE)).body);
            } catch (QueueFullException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
                pause(e.retryAfter());
            }
        }
    }

    static void pause(Duration asked) {
        Duration pause = asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE;
        await(
                CompletableFuture.runAsync(
                        () -> {},
                        CompletableFuture.delayedExecutor(
                                pause.toMillis(), TimeUnit.MILLISECONDS)));
    }

    /**
     * Calls a registered function, as a job; a full queue is waited for as by {@link #submit}.
     *
     * @param arguments in JSON
     * @return the job's id
     */
    public String call(
            String function,
            OptionalInt version,
            byte[] arguments,
            Optional<String> idempotencyKey) {
        String query = version.isPresent() ? "?version=" + version.getAsInt() : "";
        HttpRequest.Builder request =
                request("/v1/functions/%s/jobs%s".formatted(function, query), PATIENCE)
                        .header("Content-Type", JSON)
                        .POST(BodyPublishers.ofByteArray(arguments));
        idempotencyKey.ifPresent(key -> request.header("Idempotency-Key", key));
        try {
            return submit(request);
        } catch (NoSuchJobException e) {
            throw new InvalidFunctionException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Has the dispatcher keep a bundle, which is sent if it does not have it. */
    public void keep(Bundle bundle) {
        String path = "/v1/bundles/" + HexFormat.of().formatHex(bundle.digest().bytes());
        try {
            await(send(request(path, PATIENCE), Long.MAX_VALUE));
        } catch (NoSuchJobException e) {
            sendBundle(
                    request(path, UPLOAD_PATIENCE).PUT(BodyPublishers.ofByteArray(bundle.bytes())));
        }
    }

    /** A dispatcher takes one at a time. */
    private void sendBundle(HttpRequest.Builder request) {
        for (int tries = 1; ; tries++) {
            try {
                await(send(request, Long.MAX_VALUE));
                return;
            } catch (UnavailableException e) {
                if (tries == MOST_UPLOADS) {
                    throw e;
                }
                pause(Duration.ofSeconds(1));
            }
        }
    }

    /**
     * Registers a function whose bundles are kept.
     *
     * @param deployment in JSON
     * @return the version
     */
    public int deploy(String function, byte[] deployment) {
        return answers.version(
                await(
                                send(
                                        request("/v1/functions/" + function, PATIENCE)
                                                .header("Content-Type", JSON)
                                                .PUT(BodyPublishers.ofByteArray(deployment)),
                                        Long.MAX_VALUE))
                        .body);
    }

    private CompletableFuture<Answer> post(String path, InvocationEnvelope envelope) {
        return send(
                request(path, PATIENCE)
                        .header("Content-Type", INVOCATION)
                        .POST(BodyPublishers.ofByteArray(Codec.current().encode(envelope))),
                Long.MAX_VALUE);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Makes a schedule, or replaces the one of that name.
     *
     * @param envelope as its caller signed it, of which every firing makes its own
     */
    public void schedule(Cron cron, InvocationEnvelope envelope) {
        String query =
                "?name=%s&cron=%s&zone=%s&missed=%s"
                        .formatted(
                                encoded(cron.name()),
                                encoded(cron.expression()),
                                encoded(cron.zone().getId()),
                                cron.missed());
        await(post("/v1/schedules" + query, envelope));
    }

    /** The schedule of that name. */
    public Schedule.Status schedule(String name) {
        return answers.schedule(await(send(request(path(name), PATIENCE), Long.MAX_VALUE)).body);
    }

    /** What became of a schedule's times. */
    public List<Schedule.Firing> firings(String name) {
        HttpRequest.Builder request = request(path(name) + "/firings?limit=1000", PATIENCE);
        return answers.firings(await(send(request, Long.MAX_VALUE)).body);
    }

    /**
     * Changes a schedule.
     *
     * @param action {@code pause} or {@code resume}
     */
    public void changeSchedule(String name, String action) {
        await(order(path(name) + "/" + action));
    }

    /** Makes a job of a schedule; returns its id. */
    public String runSchedule(String name) {
        return answers.id(await(order(path(name) + "/run")).body);
    }

    private CompletableFuture<Answer> order(String path) {
        return send(request(path, PATIENCE).POST(BodyPublishers.noBody()), Long.MAX_VALUE);
    }

    /** Deletes a schedule. */
    public void deleteSchedule(String name) {
        await(send(request(path(name), PATIENCE).DELETE(), Long.MAX_VALUE));
    }

    private static String path(String name) {
        return "/v1/schedules/" + encoded(name);
    }

    /** The job of that id. */
    public JobStatus status(String id) {
        return answers.status(
                await(send(request("/v1/jobs/" + id, PATIENCE), Long.MAX_VALUE)).body);
    }

    /** Has the job of that id stopped. */
    public CancelAnswer cancel(String id) {
        try {
            return answers.cancel(
                    await(send(request("/v1/jobs/" + id, PATIENCE).DELETE(), Long.MAX_VALUE)).body);
        } catch (NoSuchJobException e) {
            return CancelAnswer.NOT_FOUND;
        }
    }

    /**
     * How a job ended.
     *
     * @param wait for how long this waits for that; whole seconds, and a minute at most
     * @return empty: it has not ended
     */
    public Optional<Reply> result(String id, Duration wait) {
        return await(resultAsync(id, wait));
    }

    /** As {@link #result}; completes on any thread. */
    public CompletableFuture<Optional<Reply>> resultAsync(String id, Duration wait) {
        Duration slice = wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
        String path = "/v1/jobs/%s/result?wait=%d".formatted(id, slice.toSeconds());
        return send(request(path, slice.plus(PATIENCE)).header("Accept", REPLY), Long.MAX_VALUE)
                .thenApply(DispatcherClient::reply);
    }

    private static Optional<Reply> reply(Answer answer) {
        if (answer.status != 200) {
            return Optional.empty();
        }
        try {
            return Optional.of(Codec.current().decode(answer.body, Reply.class));
        } catch (UndecodableException e) {
            throw Answers.unreadable(e);
        }
    }

    /**
     * The bytes of a result that is too large for its reply.
     *
     * @param limit how many at most
     */
    public byte[] content(String id, long limit) {
        return await(send(request("/v1/jobs/" + id + "/result/content", PATIENCE), limit)).body;
    }

    /** Whether a batch of that id has begun. */
    boolean hasBatch(String id) {
        try {
            await(send(request("/v1/batches/" + id, PATIENCE), Long.MAX_VALUE));
            return true;
        } catch (NoSuchJobException e) {
            return false;
        }
    }

    HttpRequest.Builder request(String path, Duration patience) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri.resolve(path)).timeout(patience);
        authorization.ifPresent(key -> request.header("Authorization", key));
        return request;
    }

    /** Made when it is first needed, as it has a thread. */
    private HttpClient http() {
        synchronized (lock) {
            HttpClient client =
                    http == null
                            ? HttpClient.newBuilder().connectTimeout(connectTimeout).build()
                            : http;
            http = client;
            return client;
        }
    }

    static final class Answer {
        final int status;
        final byte[] body;

        /** The cursor that a list goes on after. */
        final Optional<String> next;

        Answer(int status, byte[] body, Optional<String> next) {
            this.status = status;
            this.body = body;
            this.next = next;
        }
    }

    /** Fails with an AthanorException, at times wrapped, unless the answer is a good one. */
    CompletableFuture<Answer> send(HttpRequest.Builder request, long limit) {
        return http().sendAsync(request.build(), BodyHandlers.ofInputStream())
                .handleAsync(
                        (answer, failure) -> {
                            if (failure != null) {
                                throw unreachable(failure);
                            }
                            return read(answer, limit);
                        },
                        threads);
    }

    private Answer read(HttpResponse<InputStream> answer, long limit) {
        int status = answer.statusCode();
        byte[] body = body(answer, limit);
        if (status < 200 || status > 202) {
            throw answers.failure(status, answer.headers().firstValue("Retry-After"), body);
        }
        return new Answer(status, body, answer.headers().firstValue(NEXT));
    }

    private byte[] body(HttpResponse<InputStream> answer, long limit) {
        long most = Math.min(limit, Integer.MAX_VALUE - Long.BYTES);
        try (InputStream body = answer.body()) {
            byte[] bytes = body.readNBytes((int) most + 1);
            if (bytes.length > most) {
                throw new TooLargeException(
                        "the result is larger than %,d bytes, the payload limit".formatted(most));
            }
            return bytes;
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private UnavailableException unreachable(Throwable failure) {
        Throwable reason = failure instanceof CompletionException ? failure.getCause() : failure;
        return new UnavailableException(
                "no dispatcher answers at %s (%s): ATHANOR_DISPATCHER_URL says where one is"
                        .formatted(uri, reason),
                reason);
    }

    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledCallException("interrupted while asking the dispatcher", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AthanorException known) {
                known.fillInStackTrace();
                throw known;
            }
            throw new UnavailableException("the dispatcher could not be asked", e.getCause());
        }
    }
}
