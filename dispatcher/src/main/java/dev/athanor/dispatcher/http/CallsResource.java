package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.call.CallEvent;
import dev.athanor.dispatcher.call.CallRefusedException;
import dev.athanor.dispatcher.call.Calls;
import dev.athanor.dispatcher.call.WaitedCall;
import dev.athanor.dispatcher.ledger.JobId;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plain calls: a request is answered while its function runs, by server-sent events of what that
 * prints and yields and of how it ends. A call ends with its request. Safe for any number of
 * threads.
 */
final class CallsResource {
    private static final Logger LOG = LoggerFactory.getLogger(CallsResource.class);

    /** The second one to a client that has gone fails, which cancels its call. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(3);

    private static final int LONGEST_RUN = 64;

    private final Calls calls;
    private final Bodies bodies;
    private final InstantSource clock;

    CallsResource(Calls calls, Bodies bodies, InstantSource clock) {
        this.calls = calls;
        this.bodies = bodies;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/calls", this::call),
                Route.delete("/v1/calls/{id}", this::cancel),
                Route.post("/v1/calls/{id}/credit", this::grant));
    }

    private void call(Context context, Requester requester)
            throws InterruptedException, IOException {
        String tenant = requester.tenant(context);
        JobRequest request = JobRequest.read(bodies.read(context));
        checkId(request.id());
        try (WaitedCall call =
                calls.call(
                        tenant,
                        request.id(),
                        request.function().machineType(),
                        partition -> request.call(clock, partition))) {
            answer(call, new EventStream(context));
        } catch (CallRefusedException e) {
            throw new ProblemException(type(e.reason()), String.valueOf(e.getMessage()), e);
        }
    }

    private static void checkId(String id) {
        if (JobId.parse(id).isEmpty()) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "the id '%s' is no UUID of version 7".formatted(id));
        }
    }

    private static ProblemType type(CallRefusedException.Reason reason) {
        return switch (reason) {
            case UNKNOWN_MACHINE_TYPE -> ProblemType.UNKNOWN_MACHINE_TYPE;
            case SAME_ID -> ProblemType.CONFLICT;
            case TOO_MANY -> ProblemType.UNAVAILABLE;
        };
    }

    /** Returns at the end of the call, or where its client has gone. */
    private static void answer(WaitedCall call, EventStream events) throws InterruptedException {
        try {
            boolean isUnderWay = true;
            while (isUnderWay) {
                Optional<CallEvent> next = call.next(Duration.ZERO);
                if (next.isEmpty()) {
                    // What is short and prints nothing is answered by one write at its end.
                    events.flushWritten();
                    next = call.next(HEARTBEAT);
                }
                if (next.isPresent()) {
                    isUnderWay = write(next.get(), events);
                } else {
                    events.heartbeat();
                }
            }
            // Before the call is closed: a dispatcher that ends waits for that.
            events.end();
        } catch (IOException e) {
            LOG.debug("a client left before its call ended: {}", e.toString());
        }
    }

    /** Returns whether more is to come. */
    private static boolean write(CallEvent event, EventStream events) throws IOException {
        switch (event) {
            case CallEvent.Lines(var lines) -> {
                events.event("lines", LinesAnswer.of(lines));
                return true;
            }
            case CallEvent.Value(var item) -> {
                events.event("value", ValueAnswer.of(item));
                return true;
            }
            case CallEvent.Ended(var reply, var droppedLines) ->
                    events.event("end", CallAnswer.of(reply, droppedLines));
            case CallEvent.Lost(var why) -> events.event("lost", Map.of("message", why));
        }
        return false;
    }

    private void cancel(Context context, Requester requester) throws InterruptedException {
        String id = context.pathParam("id");
        checkId(id);
        calls.cancel(requester.tenant(context), id);
        context.status(202);
    }

    private void grant(Context context, Requester requester) throws InterruptedException {
        String id = context.pathParam("id");
        checkId(id);
        String run = context.queryParam("run");
        String upTo = context.queryParam("upTo");
        if (run == null
                || run.length() > LONGEST_RUN
                || upTo == null
                || !upTo.matches("\\d{1,18}")) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "run and upTo say how far its function may go");
        }
        calls.grant(requester.tenant(context), id, run, Long.parseLong(upTo));
        context.status(202);
    }
}
