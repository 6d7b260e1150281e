package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.batch.Batches;
import dev.athanor.dispatcher.call.Calls;
import dev.athanor.dispatcher.call.PayloadBlobs;
import dev.athanor.dispatcher.deadletter.DeadLetters;
import dev.athanor.dispatcher.function.Functions;
import dev.athanor.dispatcher.job.Jobs;
import dev.athanor.dispatcher.queue.Queues;
import dev.athanor.dispatcher.schedule.Schedules;
import dev.athanor.dispatcher.webhook.Webhooks;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.keys.TrustBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the door leads to.
 *
 * @param onlyTenant whose everything is on a cluster without keys
 * @param patience for how long a live agent may be silent
 * @param calls of those who wait for them
 * @param blobs their arguments and results
 * @param jobs empty: there is no database to keep them
 * @param deadLetters empty with the jobs
 * @param functions registered ones; empty: as above
 * @param batches empty: neither are they
 * @param schedules empty likewise
 * @param webhooks empty likewise
 * @param ready whether the dispatcher does its work
 */
public record HttpServices(
        TrustBase trust,
        String onlyTenant,
        Supplier<AgentView> agents,
        Duration patience,
        Queues queues,
        Calls calls,
        PayloadBlobs blobs,
        Optional<Jobs> jobs,
        Optional<DeadLetters> deadLetters,
        Optional<Functions> functions,
        Optional<Batches> batches,
        Optional<Schedules> schedules,
        Optional<Webhooks> webhooks,
        BooleanSupplier ready) {
    Keys keys() {
        return new Keys(trust, onlyTenant);
    }

    /** Everything that is asked for by somebody. */
    List<Route> routes(HttpLimits limits) {
        ClusterResource cluster = new ClusterResource(agents, patience, queues);
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get("/v1/agents", cluster::agents));
        routes.add(Route.get("/v1/queues", cluster::queues));
        Bodies bodies = new Bodies(limits.maxBodyBytes(), limits.body(), System::nanoTime);
        Bodies large = new Bodies(limits.maxBlobBytes(), limits.blob(), System::nanoTime);
        routes.addAll(new BlobsResource(blobs, large).routes());
        routes.addAll(new CallsResource(calls, bodies, InstantSource.system()).routes());
        JobsResource kept = new JobsResource(jobs, bodies, InstantSource.system());
        routes.addAll(kept.routes());
        routes.addAll(new WebhooksResource(webhooks, kept::jobs).routes());
        routes.addAll(
                new SchedulesResource(schedules, kept::jobs, bodies, InstantSource.system())
                        .routes());
        routes.addAll(new LogsResource(kept::jobs, System::nanoTime).routes());
        routes.addAll(new DeadLettersResource(deadLetters).routes());
        routes.addAll(new FunctionsResource(functions, bodies, large).routes());
        routes.addAll(
                new BatchesResource(batches, limits, System::nanoTime, InstantSource.system())
                        .routes());
        return routes;
    }
}
