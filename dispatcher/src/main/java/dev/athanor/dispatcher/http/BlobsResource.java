package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.call.PayloadBlobs;
import dev.athanor.schemas.BlobAddress;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Arguments and results that are too large for a request or an answer, for as long as Kafka keeps
 * them. Safe for any number of threads.
 */
final class BlobsResource {
    private static final int MOST_SENT = 2;
    private static final int MOST_READ = 32;

    private final PayloadBlobs blobs;
    private final Bodies bodies;

    /** Blobs that are being sent are in memory as a whole. */
    private final Semaphore sentRoom = new Semaphore(MOST_SENT);

    /** Each that is read has a consumer. */
    private final Semaphore readRoom = new Semaphore(MOST_READ);

    /**
     * @param bodies as large as blobs may be
     */
    BlobsResource(PayloadBlobs blobs, Bodies bodies) {
        this.blobs = blobs;
        this.bodies = bodies;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/blobs", this::send), Route.get("/v1/blobs/{digest}", this::read));
    }

    private void send(Context context, Requester requester)
            throws InterruptedException, IOException {
        String tenant = requester.tenant(context);
        enter(sentRoom, MOST_SENT);
        try {
            BlobAddress address = blobs.write(tenant, bodies.read(context));
            context.status(201)
                    .contentType("application/json")
                    .result(Answers.json(JobRequest.BlobAnswer.of(address)));
        } finally {
            sentRoom.release();
        }
    }

    /** Where the bytes turn out to be others' only at their end, the answer breaks off. */
    private void read(Context context, Requester requester) throws IOException {
        String tenant = requester.tenant(context);
        BlobAddress address = address(context);
        enter(readRoom, MOST_READ);
        try {
            context.contentType("application/octet-stream");
            OutputStream out = context.outputStream();
            blobs.copy(tenant, address, out);
            out.flush();
        } finally {
            readRoom.release();
        }
    }

    private static void enter(Semaphore room, int most) {
        if (!room.tryAcquire()) {
            throw new ProblemException(
                    ProblemType.UNAVAILABLE, "%d blobs are under way already".formatted(most));
        }
    }

    private static BlobAddress address(Context context) {
        try {
            return new JobRequest.BlobAnswer(
                            context.pathParam("digest"),
                            number(context, "size"),
                            Math.toIntExact(number(context, "partition")),
                            number(context, "firstOffset"),
                            number(context, "lastOffset"))
                    .address();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "it is no place of a blob: " + e.getMessage(), e);
        }
    }

    private static long number(Context context, String name) {
        String text = context.queryParam(name);
        if (text == null || !text.matches("\\d{1,18}")) {
            throw new IllegalArgumentException(name + " is no whole number");
        }
        return Long.parseLong(text);
    }
}
