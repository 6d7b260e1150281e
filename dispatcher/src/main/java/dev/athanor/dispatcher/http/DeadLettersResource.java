package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.deadletter.DeadLetters;
import dev.athanor.dispatcher.deadletter.LetterPage;
import dev.athanor.dispatcher.job.Submission;
import dev.athanor.schemas.Bytes;
import dev.athanor.schemas.DeadLetter;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Calls that were given up, each tenant's own; operators see all. For any number of threads. */
final class DeadLettersResource {
    private static final int USUAL_PAGE = 50;

    private final Optional<DeadLetters> kept;

    /**
     * @param letters empty: nothing here keeps jobs
     */
    DeadLettersResource(Optional<DeadLetters> letters) {
        this.kept = letters;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/dead-letters", this::list),
                Route.get("/v1/dead-letters/{id}", this::find),
                Route.get("/v1/dead-letters/{id}/record", this::record),
                Route.post("/v1/dead-letters/{id}/replay", this::replay));
    }

    private DeadLetters letters() {
        return kept.orElseThrow(JobsResource::noJobs);
    }

    /** Whose letters; empty: an operator's key, or nobody's cluster, sees all. */
    private static Optional<String> tenant(Context context, Requester requester) {
        return requester.isOperator()
                ? Optional.ofNullable(context.queryParam("tenant"))
                : Optional.of(requester.tenant(context));
    }

    private void list(Context context, Requester requester) {
        LetterPage page;
        try {
            page =
                    letters()
                            .list(
                                    tenant(context, requester),
                                    cursor(context),
                                    Queries.number(context, "limit", USUAL_PAGE));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("deadLetters", page.letters().stream().map(DeadLetterAnswer::of).toList());
        page.next().ifPresent(next -> answer.put("next", Long.toString(next)));
        Answers.write(context, answer);
    }

    private static OptionalLong cursor(Context context) {
        String text = context.queryParam("cursor");
        if (text == null) {
            return OptionalLong.empty();
        }
        OptionalLong cursor = number(text);
        if (cursor.isEmpty()) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "'%s' is no cursor".formatted(text));
        }
        return cursor;
    }

    private static OptionalLong number(String text) {
        return text.matches("\\d{1,18}")
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }

    private void find(Context context, Requester requester) {
        Answers.write(
                context,
                letters()
                        .find(tenant(context, requester), id(context))
                        .map(DeadLetterAnswer::of)
                        .orElseThrow(() -> noSuchLetter(context)));
    }

    /** The bytes that were given up. */
    private void record(Context context, Requester requester) {
        DeadLetter letter =
                letters()
                        .letter(tenant(context, requester), id(context))
                        .orElseThrow(() -> noSuchLetter(context));
        ByteBuffer value = letter.getValue();
        context.contentType("application/octet-stream").result(Bytes.copy(value));
    }

    private void replay(Context context, Requester requester) throws InterruptedException {
        Submission submission;
        try {
            submission =
                    letters()
                            .replay(tenant(context, requester), id(context))
                            .orElseThrow(() -> noSuchLetter(context));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.CONFLICT, String.valueOf(e.getMessage()), e);
        }
        Submissions.answer(context, submission);
    }

    private static long id(Context context) {
        return number(context.pathParam("id")).orElseThrow(() -> noSuchLetter(context));
    }

    private static ProblemException noSuchLetter(Context context) {
        return new ProblemException(
                ProblemType.NOT_FOUND,
                "there is no dead letter '%s'".formatted(context.pathParam("id")));
    }
}
