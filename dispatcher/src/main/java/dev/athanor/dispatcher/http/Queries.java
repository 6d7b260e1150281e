package dev.athanor.dispatcher.http;

import io.javalin.http.Context;

/** Reads what a request's query says. */
final class Queries {
    private Queries() {}

    /**
     * A whole number of at most six digits.
     *
     * @throws ProblemException when it is none
     */
    static int number(Context context, String name, int fallback) {
        String text = context.queryParam(name);
        if (text == null) {
            return fallback;
        }
        if (!text.matches("\\d{1,6}")) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "%s must be a whole number, got '%s'".formatted(name, text));
        }
        return Integer.parseInt(text);
    }
}
