package dev.athanor.dispatcher.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.job.Job;
import dev.athanor.dispatcher.job.WrittenJobs;
import dev.athanor.dispatcher.ledger.JobId;
import dev.athanor.dispatcher.ledger.JobKey;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLSocketFactory;

/**
 * Tells addresses that jobs have ended, up to ten times over two hours until they take it. Each
 * message is signed with its tenant's secret, and may come more than once, with the same id. Safe
 * for any number of threads and processes.
 */
public final class Webhooks implements AutoCloseable {
    /** Between one try and the next: two hours in all. */
    private static final List<Duration> DELAYS =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(3),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(20),
                    Duration.ofMinutes(30),
                    Duration.ofMinutes(50));

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** As long as jobs are. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private final JsonMapper mapper = new JsonMapper();
    private final SecureRandom random = new SecureRandom();
    private final WebhookRows rows;
    private final WrittenJobs jobs;
    private final WebhookSender sender;
    private final ScheduledExecutorService timer;
    private final InstantSource clock;

    /**
     * @param isPrivateAllowed whether addresses of one's own network may be told
     */
    public Webhooks(
            Database database, WrittenJobs jobs, boolean isPrivateAllowed, InstantSource clock) {
        this.rows = new WebhookRows(database);
        this.jobs = jobs;
        this.clock = clock;
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("webhook-timeouts").daemon().factory());
        this.sender =
                new WebhookSender(
                        host -> List.of(InetAddress.getAllByName(host)),
                        (SSLSocketFactory) SSLSocketFactory.getDefault(),
                        timer,
                        TIMEOUT,
                        isPrivateAllowed);
    }

    /** What became of a job's webhook; empty when it has none, or has not ended. */
    public Optional<Webhook> find(String tenant, String id) {
        return JobId.parse(id).flatMap(job -> rows.find(tenant, job));
    }

    /** What messages to the tenant's addresses are signed with; made when it is first asked for. */
    public String secret(String tenant) {
        return rows.secret(tenant, newSecret(), clock.instant()).text();
    }

    /** Gives the tenant another secret, with which messages are signed from now on. */
    public String renewSecret(String tenant) {
        return rows.renewSecret(tenant, newSecret(), clock.instant()).text();
    }

    private byte[] newSecret() {
        byte[] secret = new byte[WebhookSecret.BYTES];
        random.nextBytes(secret);
        return secret;
    }

    /**
     * Tells an address.
     *
     * @param instance of {@link dev.athanor.dispatcher.outbox.DueWebhook#TASK}
     * @return when it is to be told again; empty: never
     */
    public Optional<Instant> deliver(String instance) {
        int slash = instance.lastIndexOf('/');
        String tenant = instance.substring(0, slash);
        UUID id = UUID.fromString(instance.substring(slash + 1));
        Optional<Webhook> webhook = rows.find(tenant, id);
        Optional<Job> job = jobs.find(new JobKey(tenant, id));
        rows.forget(clock.instant().minus(REMEMBERED));
        if (webhook.isEmpty() || job.isEmpty() || webhook.get().state() != Webhook.State.PENDING) {
            return Optional.empty();
        }
        Delivery delivery = send(tenant, webhook.get(), job.get());
        return noted(tenant, id, webhook.get().attempts().size() + 1, delivery);
    }

    private Delivery send(String tenant, Webhook webhook, Job job) {
        WebhookUrl url;
        try {
            url = WebhookUrl.parse(webhook.url());
        } catch (IllegalArgumentException e) {
            return new Delivery.Refused(0, String.valueOf(e.getMessage()));
        }
        byte[] body = message(job);
        long seconds = clock.instant().getEpochSecond();
        WebhookSecret secret = rows.secret(tenant, newSecret(), clock.instant());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("webhook-id", job.id());
        headers.put("webhook-timestamp", Long.toString(seconds));
        headers.put("webhook-signature", secret.signature(job.id(), seconds, body));
        return sender.send(url, headers, body);
    }

    /** What its receiver needs to know; the result is asked for by the id. */
    private byte[] message(Job job) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", job.id());
        data.put("function", job.function());
        data.put("machineType", job.machineType());
        data.put("state", job.state().name());
        data.put("attempt", job.attempt());
        data.put("createdAt", job.createdAt().toString());
        data.put("endedAt", job.changedAt().toString());
        job.failureCode().ifPresent(code -> data.put("failureCode", code));
        if (!job.message().isEmpty()) {
            data.put("message", job.message());
        }
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("type", "job.ended");
        message.put("timestamp", job.changedAt().toString());
        message.put("data", data);
        try {
            return mapper.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a message", e);
        }
    }

    private Optional<Instant> noted(String tenant, UUID id, int number, Delivery delivery) {
        Instant now = clock.instant();
        Optional<Instant> next =
                delivery instanceof Delivery.Failed && number <= DELAYS.size()
                        ? Optional.of(now.plus(DELAYS.get(number - 1)))
                        : Optional.empty();
        Webhook.State state =
                switch (delivery) {
                    case Delivery.Delivered _ -> Webhook.State.DELIVERED;
                    case Delivery.Refused _ -> Webhook.State.FAILED;
                    case Delivery.Failed _ ->
                            next.isPresent() ? Webhook.State.PENDING : Webhook.State.FAILED;
                };
        Webhook.Attempt attempt =
                switch (delivery) {
                    case Delivery.Delivered delivered ->
                            attempt(number, now, delivered.status(), Optional.empty());
                    case Delivery.Failed failed ->
                            attempt(number, now, failed.status(), Optional.of(failed.problem()));
                    case Delivery.Refused refused ->
                            attempt(number, now, refused.status(), Optional.of(refused.problem()));
                };
        rows.attempted(tenant, id, attempt, state, next);
        return next;
    }

    private static Webhook.Attempt attempt(
            int number, Instant at, int status, Optional<String> problem) {
        return new Webhook.Attempt(
                number, at, Optional.of(status).filter(code -> code != 0), problem);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
