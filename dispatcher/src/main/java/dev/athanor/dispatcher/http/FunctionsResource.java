package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.function.Deployed;
import dev.athanor.dispatcher.function.FunctionException;
import dev.athanor.dispatcher.function.FunctionPage;
import dev.athanor.dispatcher.function.FunctionVersion;
import dev.athanor.dispatcher.function.Functions;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Functions that are registered under names, each tenant's own. Names have slashes, and no part
 * that a path below them begins with. Safe for any number of threads.
 */
final class FunctionsResource {
    private static final String JSON = "application/json";
    private static final int USUAL_PAGE = 50;

    private final Optional<Functions> kept;
    private final Bodies bodies;
    private final Bodies blobs;

    /** Code that is being sent is in memory as a whole. */
    private final Semaphore blobRoom = new Semaphore(1);

    /**
     * @param functions empty: none are kept
     * @param blobs of larger bodies
     */
    FunctionsResource(Optional<Functions> functions, Bodies bodies, Bodies blobs) {
        this.kept = functions;
        this.bodies = bodies;
        this.blobs = blobs;
    }

    /** The longer ones first, as a name would match what comes after it. */
    List<Route> routes() {
        return List.of(
                Route.get("/v1/bundles/{digest}", this::bundle),
                Route.put("/v1/bundles/{digest}", this::keepBundle),
                Route.get("/v1/functions", this::list),
                Route.post("/v1/functions/<name>/jobs", this::submit),
                Route.get("/v1/functions/<name>/versions", this::versions),
                Route.get("/v1/functions/<name>/versions/{version}", this::findVersion),
                Route.delete("/v1/functions/<name>/versions/{version}", this::deleteVersion),
                Route.put("/v1/functions/<name>/current/{version}", this::rollBack),
                Route.get("/v1/functions/<name>", this::find),
                Route.put("/v1/functions/<name>", this::deploy),
                Route.delete("/v1/functions/<name>", this::delete));
    }

    static ProblemType type(FunctionException.Reason reason) {
        return switch (reason) {
            case INVALID -> ProblemType.BAD_REQUEST;
            case NOT_FOUND -> ProblemType.NOT_FOUND;
            case CONFLICT -> ProblemType.CONFLICT;
        };
    }

    private Functions functions() {
        return kept.orElseThrow(() ->
                new ProblemException(
                        ProblemType.NO_JOBS,
                        "functions need a database: start the dispatcher with --database-url"));
    }

    private void bundle(Context context, Requester requester) {
        String tenant = requester.tenant(context);
        String digest = context.pathParam("digest");
        OptionalLong size = functions().bundleSize(tenant, digest);
        if (size.isEmpty()) {
            throw new ProblemException(ProblemType.NOT_FOUND, "there is no bundle " + digest);
        }
        write(context, 200, Map.of("digest", digest, "size", size.getAsLong()));
    }

    private void keepBundle(Context context, Requester requester) throws IOException {
        String tenant = requester.tenant(context);
        String digest = context.pathParam("digest");
        Functions functions = functions();
        if (functions.bundleSize(tenant, digest).isEmpty()) {
            if (!blobRoom.tryAcquire()) {
                throw new ProblemException(
                        ProblemType.UNAVAILABLE, "another function's code is being sent already");
            }
            try {
                functions.keepBundle(tenant, digest, blobs.read(context));
            } finally {
                blobRoom.release();
            }
        }
        bundle(context, requester);
        context.status(201);
    }

    private void deploy(Context context, Requester requester) throws IOException {
        String tenant = requester.tenant(context);
        if (!Objects.equals(context.contentType(), JSON)) {
            throw new ProblemException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, "a function is deployed as " + JSON);
        }
        String name = context.pathParam("name");
        Deployed deployed = functions().deploy(tenant, name, bodies.read(context));
        FunctionVersion version =
                functions().find(tenant, name, OptionalInt.of(deployed.version()));
        write(context, deployed.isNew() ? 201 : 200, FunctionAnswer.whole(version));
    }

    private void submit(Context context, Requester requester)
            throws InterruptedException, IOException {
        String tenant = requester.tenant(context);
        Optional<String> key = Submissions.idempotencyKey(context);
        OptionalInt version = optional(context.queryParam("version"));
        Submissions.answer(
                context,
                functions()
                        .submit(
                                tenant,
                                context.pathParam("name"),
                                version,
                                bodies.read(context),
                                key));
    }

    private void list(Context context, Requester requester) {
        String tenant = requester.tenant(context);
        Optional<String> cursor = Optional.ofNullable(context.queryParam("cursor"));
        writePage(context, "functions", functions().list(tenant, cursor, limit(context)));
    }

    private void versions(Context context, Requester requester) {
        String tenant = requester.tenant(context);
        Optional<String> cursor = Optional.ofNullable(context.queryParam("cursor"));
        String name = context.pathParam("name");
        writePage(context, "versions", functions().versions(tenant, name, cursor, limit(context)));
    }

    private static int limit(Context context) {
        return optional(context.queryParam("limit")).orElse(USUAL_PAGE);
    }

    private static void writePage(Context context, String what, FunctionPage page) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(what, page.functions().stream().map(FunctionAnswer::brief).toList());
        page.next().ifPresent(next -> answer.put("next", next));
        Answers.write(context, answer);
    }

    private void find(Context context, Requester requester) {
        String tenant = requester.tenant(context);
        String name = context.pathParam("name");
        Answers.write(
                context, FunctionAnswer.whole(functions().find(tenant, name, OptionalInt.empty())));
    }

    private void findVersion(Context context, Requester requester) {
        String tenant = requester.tenant(context);
        String name = context.pathParam("name");
        OptionalInt version = OptionalInt.of(version(context));
        Answers.write(context, FunctionAnswer.whole(functions().find(tenant, name, version)));
    }

    private void rollBack(Context context, Requester requester) {
        String tenant = requester.tenant(context);
        String name = context.pathParam("name");
        int version = version(context);
        functions().rollBack(tenant, name, version);
        write(
                context,
                200,
                FunctionAnswer.whole(functions().find(tenant, name, OptionalInt.of(version))));
    }

    private void delete(Context context, Requester requester) {
        functions().delete(requester.tenant(context), context.pathParam("name"));
        context.status(204);
    }

    private void deleteVersion(Context context, Requester requester) {
        functions().delete(requester.tenant(context), context.pathParam("name"), version(context));
        context.status(204);
    }

    private static int version(Context context) {
        return optional(context.pathParam("version")).orElseThrow();
    }

    private static OptionalInt optional(@Nullable String text) {
        if (text == null) {
            return OptionalInt.empty();
        }
        if (!text.matches("\\d{1,9}")) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "versions and limits are whole numbers, got '%s'"
                            .formatted(text.substring(0, Math.min(text.length(), 60))));
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    private static void write(Context context, int status, Object answer) {
        context.status(status).contentType(JSON).result(Answers.json(answer));
    }
}
