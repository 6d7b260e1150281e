package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.job.Job;
import dev.athanor.dispatcher.job.JobCancellation;
import dev.athanor.dispatcher.job.JobFilter;
import dev.athanor.dispatcher.job.JobPage;
import dev.athanor.dispatcher.job.JobResult;
import dev.athanor.dispatcher.job.Jobs;
import dev.athanor.dispatcher.job.Start;
import dev.athanor.dispatcher.job.Submission;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Bytes;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.UndecodableException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Jobs, each tenant's own. Safe for any number of threads. */
final class JobsResource {
    /** An InvocationEnvelope in single-object encoding. */
    static final String INVOCATION = "application/vnd.athanor.invocation";

    /** A Reply in single-object encoding, for clients that read what functions of theirs return. */
    static final String REPLY = "application/vnd.athanor.reply";

    private static final String JSON = "application/json";

    private static final int USUAL_PAGE = 50;
    private static final int LONGEST_WAIT_SECONDS = 60;

    private final Optional<Jobs> keptJobs;
    private final Bodies bodies;
    private final InstantSource clock;

    /**
     * @param jobs empty: none are kept
     */
    JobsResource(Optional<Jobs> jobs, Bodies bodies, InstantSource clock) {
        this.keptJobs = jobs;
        this.bodies = bodies;
        this.clock = clock;
    }

    /**
     * @throws ProblemException where none are kept
     */
    Jobs jobs() {
        return keptJobs.orElseThrow(JobsResource::noJobs);
    }

    static ProblemException noJobs() {
        return new ProblemException(
                ProblemType.NO_JOBS,
                "jobs need a database: start the dispatcher with --database-url");
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/jobs", this::submit),
                Route.get("/v1/jobs", this::list),
                Route.get("/v1/jobs/{id}", this::find),
                Route.delete("/v1/jobs/{id}", this::cancel),
                Route.get("/v1/jobs/{id}/result", this::result),
                Route.get("/v1/jobs/{id}/result/content", this::content));
    }

    private void submit(Context context, Requester requester)
            throws InterruptedException, IOException {
        String tenant = requester.tenant(context);
        String type = context.contentType();
        Optional<String> key = Submissions.idempotencyKey(context);
        Submission submission;
        Start start = StartQuery.of(context);
        if (Objects.equals(type, INVOCATION)) {
            InvocationEnvelope envelope = envelope(bodies.read(context));
            submission = jobs().submit(tenant, envelope, key, start);
        } else if (Objects.equals(type, JSON)) {
            JobRequest request = JobRequest.read(bodies.read(context));
            submission = jobs().submit(tenant, request.job(clock), key, start);
        } else {
            throw new ProblemException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "a job is sent as %s or %s".formatted(INVOCATION, JSON));
        }
        Submissions.answer(context, submission);
    }

    static InvocationEnvelope envelope(byte[] body) {
        try {
            return Codec.current().decode(body, InvocationEnvelope.class);
        } catch (UndecodableException e) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "the body is no invocation: " + e.getMessage(), e);
        }
    }

    private void list(Context context, Requester requester) {
        String tenant = requester.tenant(context);
        JobFilter filter =
                new JobFilter(
                        Optional.ofNullable(context.queryParam("function")),
                        Optional.ofNullable(context.queryParam("state")).map(JobsResource::state));
        int limit = Queries.number(context, "limit", USUAL_PAGE);
        JobPage page;
        try {
            page =
                    jobs().list(
                                    tenant,
                                    filter,
                                    Optional.ofNullable(context.queryParam("cursor")),
                                    limit);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("jobs", page.jobs().stream().map(JobAnswer::of).toList());
        page.next().ifPresent(next -> answer.put("next", next));
        Answers.write(context, answer);
    }

    private static JobState state(String name) {
        for (JobState state : JobState.values()) {
            if (state.name().equalsIgnoreCase(name) && state != JobState.UNKNOWN) {
                return state;
            }
        }
        throw new ProblemException(
                ProblemType.BAD_REQUEST, "'%s' is no state of a job".formatted(name));
    }

    private void find(Context context, Requester requester) throws InterruptedException {
        Job job =
                jobs().find(requester.tenant(context), context.pathParam("id"))
                        .orElseThrow(() -> noSuchJob(context));
        Answers.write(context, JobAnswer.of(job));
    }

    private void cancel(Context context, Requester requester) throws InterruptedException {
        String id = context.pathParam("id");
        switch (jobs().cancel(requester.tenant(context), id)) {
            case JobCancellation.CancelledWhileQueued cancelled ->
                    answer(context, 200, "CANCELLED_WHILE_QUEUED", cancelled.job());
            case JobCancellation.Requested requested ->
                    answer(context, 202, "REQUESTED", requested.job());
            case JobCancellation.AlreadyFinished finished ->
                    answer(context, 200, "ALREADY_FINISHED", finished.job());
            case JobCancellation.NotFound _ -> throw noSuchJob(context);
        }
    }

    private static void answer(Context context, int status, String answer, Job job) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("answer", answer);
        body.put("job", JobAnswer.of(job));
        context.status(status).contentType("application/json").result(Answers.json(body));
    }

    private void result(Context context, Requester requester) throws InterruptedException {
        int wait = Queries.number(context, "wait", 0);
        if (wait > LONGEST_WAIT_SECONDS) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "wait must be 0 to %d seconds, got %d".formatted(LONGEST_WAIT_SECONDS, wait));
        }
        String tenant = requester.tenant(context);
        switch (jobs().result(tenant, context.pathParam("id"), Duration.ofSeconds(wait))) {
            case JobResult.Ended ended -> {
                if (Objects.equals(context.header("Accept"), REPLY)) {
                    context.contentType(REPLY).result(Codec.current().encode(ended.reply()));
                } else {
                    Answers.write(context, ResultAnswer.of(ended.job(), ended.reply()));
                }
            }
            case JobResult.NotEnded notEnded ->
                    context.status(202)
                            .contentType("application/json")
                            .result(Answers.json(JobAnswer.of(notEnded.job())));
            case JobResult.Expired expired -> throw gone(expired.job().id());
            case JobResult.NotFound _ -> throw noSuchJob(context);
        }
    }

    /** The bytes of a result as the function's machine wrote them, large ones too. */
    private void content(Context context, Requester requester)
            throws InterruptedException, IOException {
        String tenant = requester.tenant(context);
        String id = context.pathParam("id");
        switch (jobs().result(tenant, id, Duration.ZERO)) {
            case JobResult.Ended ended -> write(context, tenant, id, ended.reply());
            case JobResult.NotEnded _ ->
                    throw new ProblemException(
                            ProblemType.CONFLICT, "the job %s has not ended".formatted(id));
            case JobResult.Expired _ -> throw gone(id);
            case JobResult.NotFound _ -> throw noSuchJob(context);
        }
    }

    private void write(Context context, String tenant, String id, Reply reply) throws IOException {
        Payload result = reply.getResult();
        if (result == null) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND, "the job %s has no result".formatted(id));
        }
        context.contentType("application/octet-stream");
        BlobAddress address = result.getBlob();
        if (address != null) {
            context.header("Content-Length", Long.toString(address.getSize()));
            OutputStream out = context.outputStream();
            jobs().content(tenant, id, address, out);
            out.flush();
        } else {
            context.result(Bytes.copy(result.getContent()));
        }
    }

    private static ProblemException gone(String id) {
        return new ProblemException(
                ProblemType.GONE, "the result of the job %s is kept no longer".formatted(id));
    }

    private static ProblemException noSuchJob(Context context) {
        return new ProblemException(
                ProblemType.NOT_FOUND, "there is no job " + context.pathParam("id"));
    }
}
