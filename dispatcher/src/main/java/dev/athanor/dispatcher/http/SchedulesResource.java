package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.job.Jobs;
import dev.athanor.dispatcher.job.Submission;
import dev.athanor.dispatcher.schedule.Firing;
import dev.athanor.dispatcher.schedule.MissedFirings;
import dev.athanor.dispatcher.schedule.Schedule;
import dev.athanor.dispatcher.schedule.Schedules;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.UndecodableException;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Schedules, each tenant's own. Safe for any number of threads. */
final class SchedulesResource {
    private static final String JSON = "application/json";
    private static final int USUAL_FIRINGS = 50;

    private final Optional<Schedules> keptSchedules;
    private final Supplier<Jobs> jobs;
    private final Bodies bodies;
    private final InstantSource clock;

    /**
     * @param schedules empty: none are kept
     * @param jobs says what may be submitted
     */
    SchedulesResource(
            Optional<Schedules> schedules,
            Supplier<Jobs> jobs,
            Bodies bodies,
            InstantSource clock) {
        this.keptSchedules = schedules;
        this.jobs = jobs;
        this.bodies = bodies;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/schedules", this::put),
                Route.get("/v1/schedules", this::list),
                Route.get("/v1/schedules/{name}", this::find),
                Route.delete("/v1/schedules/{name}", this::delete),
                Route.post("/v1/schedules/{name}/pause", this::pause),
                Route.post("/v1/schedules/{name}/resume", this::resume),
                Route.post("/v1/schedules/{name}/run", this::run),
                Route.get("/v1/schedules/{name}/firings", this::firings));
    }

    private Schedules schedules() {
        return keptSchedules.orElseThrow(() ->
                new ProblemException(
                        ProblemType.NO_JOBS,
                        "schedules need a database: start the dispatcher with --database-url"));
    }

    private void put(Context context, Requester requester)
            throws InterruptedException, IOException {
        String tenant = requester.tenant(context);
        Schedules schedules = schedules();
        Schedules.Plan plan =
                new Schedules.Plan(
                        query(context, "name", null),
                        query(context, "cron", null),
                        query(context, "zone", "UTC"),
                        missed(query(context, "missed", MissedFirings.ONCE.name())));
        Invocation template = template(context, tenant);
        Schedules.Put put = checked(() -> schedules.put(tenant, plan, template));
        context.status(put.isNew() ? 201 : 200)
                .header("Location", "/v1/schedules/" + put.schedule().name())
                .contentType(JSON)
                .result(Answers.json(ScheduleAnswer.of(put.schedule())));
    }

    /** A request that could submit a job. */
    private Invocation template(Context context, String tenant)
            throws InterruptedException, IOException {
        String type = context.contentType();
        Invocation template;
        Optional<Submission.Refused> refused;
        if (Objects.equals(type, JobsResource.INVOCATION)) {
            InvocationEnvelope envelope = JobsResource.envelope(bodies.read(context));
            refused = jobs.get().refusal(tenant, envelope);
            template = decoded(envelope.getInvocation());
        } else if (Objects.equals(type, JSON)) {
            template = JobRequest.read(bodies.read(context)).job(clock);
            refused = jobs.get().refusal(tenant, template);
        } else {
            throw new ProblemException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "a job is sent as %s or %s".formatted(JobsResource.INVOCATION, JSON));
        }
        if (refused.isPresent()) {
            throw new ProblemException(
                    Submissions.type(refused.get().reason()), refused.get().message());
        }
        return template;
    }

    private static Invocation decoded(ByteBuffer invocation) {
        byte[] bytes = new byte[invocation.remaining()];
        invocation.duplicate().get(bytes);
        try {
            return Codec.current().decode(bytes, Invocation.class);
        } catch (UndecodableException e) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "it is no invocation: " + e.getMessage(), e);
        }
    }

    private static String query(Context context, String name, @Nullable String fallback) {
        String given = context.queryParam(name);
        String value = given == null ? fallback : given;
        if (value == null) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "the query's %s is missing".formatted(name));
        }
        return value;
    }

    private static MissedFirings missed(String name) {
        for (MissedFirings each : MissedFirings.values()) {
            if (each.name().equals(name.toUpperCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new ProblemException(
                ProblemType.BAD_REQUEST, "missed must be once or skip, got '%s'".formatted(name));
    }

    private static <T> T checked(Supplier<T> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private void list(Context context, Requester requester) {
        List<ScheduleAnswer> found =
                schedules().list(requester.tenant(context)).stream()
                        .map(ScheduleAnswer::of)
                        .toList();
        Answers.write(context, Map.of("schedules", found));
    }

    private void find(Context context, Requester requester) {
        answer(context, schedules().find(requester.tenant(context), name(context)));
    }

    private void pause(Context context, Requester requester) {
        answer(context, schedules().pause(requester.tenant(context), name(context), true));
    }

    private void resume(Context context, Requester requester) {
        answer(context, schedules().pause(requester.tenant(context), name(context), false));
    }

    private static void answer(Context context, Optional<Schedule> schedule) {
        Answers.write(
                context, ScheduleAnswer.of(schedule.orElseThrow(() -> noSuchSchedule(context))));
    }

    private void delete(Context context, Requester requester) {
        if (!schedules().delete(requester.tenant(context), name(context))) {
            throw noSuchSchedule(context);
        }
        context.status(200).contentType(JSON).result(Answers.json(Map.of()));
    }

    private void run(Context context, Requester requester) {
        String job =
                schedules()
                        .runNow(requester.tenant(context), name(context))
                        .orElseThrow(() -> noSuchSchedule(context));
        context.status(202)
                .header("Location", "/v1/jobs/" + job)
                .contentType(JSON)
                .result(Answers.json(Map.of("id", job)));
    }

    private void firings(Context context, Requester requester) {
        int limit = Queries.number(context, "limit", USUAL_FIRINGS);
        List<Firing> found =
                checked(() -> schedules().firings(requester.tenant(context), name(context), limit))
                        .orElseThrow(() -> noSuchSchedule(context));
        Answers.write(context, Map.of("firings", found.stream().map(FiringAnswer::of).toList()));
    }

    private static String name(Context context) {
        return context.pathParam("name");
    }

    private static ProblemException noSuchSchedule(Context context) {
        return new ProblemException(
                ProblemType.NOT_FOUND, "there is no schedule " + context.pathParam("name"));
    }
}
