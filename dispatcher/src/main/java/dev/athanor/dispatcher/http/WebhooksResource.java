package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.job.Jobs;
import dev.athanor.dispatcher.webhook.Webhook;
import dev.athanor.dispatcher.webhook.Webhooks;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What became of webhooks, and what they are signed with. Safe for any number of threads. */
final class WebhooksResource {
    private final Optional<Webhooks> keptWebhooks;
    private final Supplier<Jobs> jobs;

    /**
     * @param webhooks empty: none are told
     * @param jobs says whose a job is
     */
    WebhooksResource(Optional<Webhooks> webhooks, Supplier<Jobs> jobs) {
        this.keptWebhooks = webhooks;
        this.jobs = jobs;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/jobs/{id}/webhook", this::find),
                Route.get("/v1/webhooks/secret", this::secret),
                Route.post("/v1/webhooks/secret", this::renewSecret));
    }

    private Webhooks webhooks() {
        return keptWebhooks.orElseThrow(() ->
                new ProblemException(
                        ProblemType.NO_JOBS,
                        "webhooks need a database: start the dispatcher with --database-url"));
    }

    /** Times are in ISO 8601. What is not known is left out. */
    private record Answer(
            String url, Webhook.State state, List<Attempt> attempts, @Nullable String nextAt) {}

    private record Attempt(
            int number, String at, @Nullable Integer status, @Nullable String problem) {}

    private void find(Context context, Requester requester) throws InterruptedException {
        String tenant = requester.tenant(context);
        String id = context.pathParam("id");
        if (jobs.get().find(tenant, id).isEmpty()) {
            throw new ProblemException(ProblemType.NOT_FOUND, "there is no job " + id);
        }
        Webhook webhook =
                webhooks()
                        .find(tenant, id)
                        .orElseThrow(() ->
                                new ProblemException(
                                        ProblemType.NOT_FOUND,
                                        "the job %s has no webhook, or has not ended"
                                                .formatted(id)));
        Answers.write(
                context,
                new Answer(
                        webhook.url(),
                        webhook.state(),
                        webhook.attempts().stream().map(WebhooksResource::attempt).toList(),
                        webhook.nextAt().map(Instant::toString).orElse(null)));
    }

    private static Attempt attempt(Webhook.Attempt attempt) {
        return new Attempt(
                attempt.number(),
                attempt.at().toString(),
                attempt.status().orElse(null),
                attempt.problem().orElse(null));
    }

    private void secret(Context context, Requester requester) {
        answer(context, webhooks().secret(requester.tenant(context)));
    }

    private void renewSecret(Context context, Requester requester) {
        answer(context, webhooks().renewSecret(requester.tenant(context)));
    }

    private static void answer(Context context, String secret) {
        context.header("Cache-Control", "no-store")
                .contentType("application/json")
                .result(Answers.json(Map.of("secret", secret)));
    }
}
