package dev.athanor.dispatcher.http;

import java.util.Locale;

/** The kinds of errors; part of the interface, as their names are in the answers. */
enum ProblemType {
    BAD_REQUEST(400, "The request cannot be understood"),
    UNAUTHORIZED(401, "No valid key"),
    FORBIDDEN(403, "This key may not do that"),
    NOT_FOUND(404, "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "Not done here"),
    TIMEOUT(408, "The request came too slowly"),
    CONFLICT(409, "Its state does not allow that"),
    GONE(410, "It is kept no longer"),
    TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body is of another kind"),
    MISDIRECTED(421, "Asked for another host"),
    UNKNOWN_MACHINE_TYPE(422, "The cluster has no such machine type"),
    IDEMPOTENCY_KEY_REUSED(422, "Something else was submitted under this key"),
    QUEUE_FULL(429, "As much waits already as may"),
    HEADERS_TOO_LARGE(431, "The headers are too large"),
    INTERNAL(500, "A mistake of ours"),
    NO_JOBS(501, "This dispatcher keeps no jobs"),
    UNAVAILABLE(503, "Not now");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** What tells programs which kind it is. */
    String uri() {
        return "urn:athanor:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The kind that a status stands for. */
    static ProblemType of(int status) {
        for (ProblemType type : values()) {
            if (type.status == status) {
                return type;
            }
        }
        return status < INTERNAL.status ? BAD_REQUEST : INTERNAL;
    }
}
