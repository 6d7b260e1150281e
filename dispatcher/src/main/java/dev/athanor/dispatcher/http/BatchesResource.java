package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.batch.Batch;
import dev.athanor.dispatcher.batch.BatchCancellation;
import dev.athanor.dispatcher.batch.BatchProgress;
import dev.athanor.dispatcher.batch.BatchRefusedException;
import dev.athanor.dispatcher.batch.BatchUpload;
import dev.athanor.dispatcher.batch.Batches;
import dev.athanor.dispatcher.batch.MemberResult;
import dev.athanor.dispatcher.batch.ResultOrder;
import dev.athanor.dispatcher.batch.ResultPage;
import dev.athanor.schemas.Codec;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Batches, each tenant's own. Safe for any number of threads. */
final class BatchesResource {
    /** See {@link BatchBody.Framed}. */
    static final String FRAMED = "application/vnd.athanor.batch";

    /** See {@link BatchBody.Lines}. */
    static final String LINES = "application/x-ndjson";

    /** Replies in single-object encoding, each after its length in 4 bytes. */
    static final String REPLIES = "application/vnd.athanor.replies";

    /** Of such an answer, the cursor that results go on after; none: these were the last. */
    static final String NEXT = "Athanor-Next";

    private static final Logger LOG = LoggerFactory.getLogger(BatchesResource.class);
    private static final int DRAIN_CHUNK = 64 * 1024;
    private static final long MOST_DRAINED = 16 << 20;
    private static final int USUAL_PAGE = 100;
    private static final int LONGEST_WAIT_SECONDS = 60;

    /** Each holds less than 2 MiB. */
    private static final int MOST_UPLOADS = 32;

    private final Optional<Batches> keptBatches;
    private final HttpLimits limits;
    private final LongSupplier ticker;
    private final InstantSource clock;
    private final Semaphore uploads = new Semaphore(MOST_UPLOADS);

    /**
     * @param batches empty: none are kept
     */
    BatchesResource(
            Optional<Batches> batches,
            HttpLimits limits,
            LongSupplier ticker,
            InstantSource clock) {
        this.keptBatches = batches;
        this.limits = limits;
        this.ticker = ticker;
        this.clock = clock;
    }

    private Batches batches() {
        return keptBatches.orElseThrow(() ->
                new ProblemException(
                        ProblemType.NO_JOBS,
                        "batches need a database: start the dispatcher with --database-url"));
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/batches", this::begin),
                Route.get("/v1/batches", this::list),
                Route.get("/v1/batches/{id}", this::find),
                Route.delete("/v1/batches/{id}", this::cancel),
                Route.post("/v1/batches/{id}/rerun", this::runAgain),
                Route.get("/v1/batches/{id}/results", this::results));
    }

    private void begin(Context context, Requester requester) throws InterruptedException {
        String tenant = requester.tenant(context);
        Batches batches = batches();
        if (!uploads.tryAcquire()) {
            throw new ProblemException(
                    ProblemType.UNAVAILABLE,
                    "%d batches are being sent already".formatted(MOST_UPLOADS));
        }
        try {
            BatchBody body = body(context.contentType(), context.bodyInputStream());
            var template = body.template();
            try (BatchUpload upload = batches.begin(tenant, template)) {
                while (body.addNext(upload)) {
                    // One part after the other.
                }
                int total = upload.finish();
                String id = template.getCorrelationId();
                context.header("Location", "/v1/batches/" + id)
                        .status(202)
                        .contentType("application/json")
                        .result(Answers.json(new Begun(id, total)));
            }
        } catch (BatchRefusedException e) {
            drain(context.bodyInputStream());
            throw problem(e);
        } catch (ProblemException e) {
            drain(context.bodyInputStream());
            throw e;
        } catch (IOException e) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "the batch did not come whole: nothing of it runs", e);
        } finally {
            uploads.release();
        }
    }

    /** A client that is still sending sees no answer: it is let send a little more. */
    private void drain(InputStream in) {
        byte[] chunk = new byte[DRAIN_CHUNK];
        long begin = ticker.getAsLong();
        try {
            for (long drained = 0; drained < MOST_DRAINED; ) {
                int read = in.read(chunk);
                if (read < 0 || ticker.getAsLong() - begin > limits.body().toNanos()) {
                    return;
                }
                drained += read;
            }
        } catch (IOException e) {
            LOG.debug("a client that was refused has gone: {}", e.toString());
        }
    }

    /** A batch that has begun. */
    record Begun(String id, int total) {}

    private BatchBody body(@Nullable String type, InputStream in) {
        if (Objects.equals(type, FRAMED)) {
            return new BatchBody.Framed(in, limits, ticker);
        }
        if (Objects.equals(type, LINES)) {
            return new BatchBody.Lines(in, limits, ticker, clock);
        }
        throw new ProblemException(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                "a batch is sent as %s or %s".formatted(FRAMED, LINES));
    }

    private static ProblemException problem(BatchRefusedException refused) {
        ProblemType type =
                switch (refused.reason()) {
                    case INVALID -> ProblemType.BAD_REQUEST;
                    case TOO_LARGE -> ProblemType.TOO_LARGE;
                    case UNKNOWN_MACHINE_TYPE -> ProblemType.UNKNOWN_MACHINE_TYPE;
                    case CONFLICT -> ProblemType.CONFLICT;
                    case TOO_MANY -> ProblemType.QUEUE_FULL;
                };
        return new ProblemException(type, String.valueOf(refused.getMessage()), refused);
    }

    private void list(Context context, Requester requester) {
        String tenant = requester.tenant(context);
        int limit = Queries.number(context, "limit", USUAL_PAGE);
        List<Batch> page;
        try {
            page = batches().list(tenant, Optional.ofNullable(context.queryParam("cursor")), limit);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("batches", page.stream().map(BatchAnswer::of).toList());
        if (page.size() == limit) {
            answer.put("next", page.getLast().id());
        }
        Answers.write(context, answer);
    }

    private void find(Context context, Requester requester) {
        BatchProgress progress =
                batches()
                        .find(requester.tenant(context), context.pathParam("id"))
                        .orElseThrow(() -> noSuchBatch(context));
        Answers.write(context, BatchAnswer.of(progress));
    }

    private void cancel(Context context, Requester requester) throws InterruptedException {
        BatchCancellation cancellation =
                batches()
                        .cancel(requester.tenant(context), context.pathParam("id"))
                        .orElseThrow(() -> noSuchBatch(context));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("answer", cancellation.answer());
        body.put("batch", BatchAnswer.of(cancellation.progress()));
        boolean isOnItsWay = cancellation.answer() == BatchCancellation.Answer.REQUESTED;
        context.status(isOnItsWay ? 202 : 200)
                .contentType("application/json")
                .result(Answers.json(body));
    }

    private void runAgain(Context context, Requester requester) {
        try {
            BatchProgress progress =
                    batches()
                            .runFailedAgain(requester.tenant(context), context.pathParam("id"))
                            .orElseThrow(() -> noSuchBatch(context));
            context.status(202)
                    .contentType("application/json")
                    .result(Answers.json(BatchAnswer.of(progress)));
        } catch (BatchRefusedException e) {
            throw problem(e);
        }
    }

    private void results(Context context, Requester requester)
            throws InterruptedException, IOException {
        int wait = Queries.number(context, "wait", 0);
        if (wait > LONGEST_WAIT_SECONDS) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "wait must be 0 to %d seconds, got %d".formatted(LONGEST_WAIT_SECONDS, wait));
        }
        Optional<ResultPage> page;
        try {
            page =
                    batches()
                            .results(
                                    requester.tenant(context),
                                    context.pathParam("id"),
                                    order(context),
                                    isFailedOnly(context),
                                    Optional.ofNullable(context.queryParam("cursor")),
                                    Queries.number(context, "limit", USUAL_PAGE),
                                    Duration.ofSeconds(wait));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
        write(context, page.orElseThrow(() -> noSuchBatch(context)));
    }

    private static ResultOrder order(Context context) {
        String order = Objects.requireNonNullElse(context.queryParam("order"), "index");
        return switch (order) {
            case "index" -> ResultOrder.INDEX;
            case "completion" -> ResultOrder.COMPLETION;
            default ->
                    throw new ProblemException(
                            ProblemType.BAD_REQUEST,
                            "order must be index or completion, got '%s'".formatted(order));
        };
    }

    private static boolean isFailedOnly(Context context) {
        String failed = Objects.requireNonNullElse(context.queryParam("failed"), "false");
        return switch (failed) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new ProblemException(
                            ProblemType.BAD_REQUEST,
                            "failed must be true or false, got '%s'".formatted(failed));
        };
    }

    private static void write(Context context, ResultPage page) throws IOException {
        if (!Objects.equals(context.header("Accept"), REPLIES)) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("results", page.results().stream().map(MemberAnswer::of).toList());
            page.next().ifPresent(next -> answer.put("next", next));
            context.contentType("application/json").result(Answers.json(answer));
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (MemberResult result : page.results()) {
            byte[] reply = Codec.current().encode(result.reply());
            out.writeInt(reply.length);
            out.write(reply);
        }
        page.next().ifPresent(next -> context.header(NEXT, next));
        context.contentType(REPLIES).result(bytes.toByteArray());
    }

    private static ProblemException noSuchBatch(Context context) {
        return new ProblemException(
                ProblemType.NOT_FOUND, "there is no batch " + context.pathParam("id"));
    }
}
