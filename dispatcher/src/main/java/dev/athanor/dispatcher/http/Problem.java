package dev.athanor.dispatcher.http;

/**
 * An error, as RFC 9457 has it.
 *
 * @param type which kind it is, for programs
 * @param detail what is wrong in this case, for people
 */
record Problem(String type, String title, int status, String detail) {
    static final String CONTENT_TYPE = "application/problem+json";

    static Problem of(ProblemType type, String detail) {
        return new Problem(type.uri(), type.title(), type.status(), detail);
    }
}
