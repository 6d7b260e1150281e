package dev.athanor.dispatcher.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Writes answers in JSON. Safe for any number of threads. */
final class Answers {
    private static final int TAG_BYTES = 12;
    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                    .build();

    private Answers() {}

    /** In JSON, without what is null. */
    static byte[] json(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass(), e);
        }
    }

    /** Answers with a value, or with "not modified" where the client has that very value. */
    static void write(Context context, Object value) {
        byte[] body = json(value);
        String tag = tag(body);
        context.header("ETag", tag).header("Cache-Control", "private, no-cache");
        String known = context.header("If-None-Match");
        if (known != null && (known.strip().equals("*") || known.contains(tag))) {
            context.status(304);
            return;
        }
        context.contentType("application/json").result(body);
    }

    /** Answers with a problem. */
    static void write(Context context, ProblemType type, String detail) {
        if (type == ProblemType.UNAUTHORIZED) {
            context.header("WWW-Authenticate", "Bearer realm=\"athanor\"");
        }
        if (type == ProblemType.UNAVAILABLE) {
            context.header("Retry-After", "1");
        }
        if (type == ProblemType.QUEUE_FULL) {
            context.header("Retry-After", "5");
        }
        context.status(type.status())
                .contentType(Problem.CONTENT_TYPE)
                .result(json(Problem.of(type, detail)));
    }

    private static String tag(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            byte[] start = Arrays.copyOf(digest, TAG_BYTES);
            return '"' + Base64.getUrlEncoder().encodeToString(start) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
