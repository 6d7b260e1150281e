package dev.athanor.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.athanor.schemas.keys.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks a dispatcher by HTTP. */
final class DispatcherAnswers {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final JsonMapper mapper = new JsonMapper();
    private final URI dispatcher;
    private final Optional<Credentials> credentials;
    private final @Nullable String tenant;

    DispatcherAnswers(URI dispatcher, Optional<Credentials> credentials, @Nullable String tenant) {
        this.dispatcher = dispatcher;
        this.credentials = credentials;
        this.tenant = tenant;
    }

    /**
     * What there is at a path.
     *
     * @param query without what is null
     * @throws DispatcherException when it does not answer, or with a problem
     */
    JsonNode get(String path, Map<String, ? extends @Nullable Object> query)
            throws InterruptedException {
        return send(HttpRequest.newBuilder(uri(path, query)));
    }

    /** Has what there is at a path go, with the same exceptions. */
    JsonNode delete(String path) throws InterruptedException {
        return send(HttpRequest.newBuilder(uri(path, Map.of())).DELETE());
    }

    private JsonNode send(HttpRequest.Builder request) throws InterruptedException {
        request.header("Accept", "application/json").timeout(PATIENCE);
        credentials.ifPresent(key ->
                request.header(
                        "Authorization", "Bearer %s:%s".formatted(key.keyId(), key.secret())));
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build()) {
            HttpResponse<String> answer =
                    client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (answer.statusCode() >= 300) {
                throw new DispatcherException(problem(answer), null);
            }
            return mapper.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new DispatcherException(
                    "what answers at %s is no dispatcher".formatted(dispatcher), e);
        } catch (IOException | IllegalArgumentException e) {
            throw new DispatcherException(
                    "no dispatcher answers at %s (%s): say where one is by --dispatcher-url"
                            .formatted(dispatcher, e),
                    e);
        }
    }

    private URI uri(String path, Map<String, ? extends @Nullable Object> query) {
        Map<String, Object> all = new TreeMap<>();
        query.forEach((name, value) -> {
            if (value != null) {
                all.put(name, value);
            }
        });
        if (tenant != null) {
            all.put("tenant", tenant);
        }
        String text =
                all.entrySet().stream()
                        .map(each -> each.getKey() + "=" + encoded(each.getValue().toString()))
                        .collect(Collectors.joining("&"));
        return dispatcher.resolve(text.isEmpty() ? path : path + "?" + text);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String problem(HttpResponse<String> answer) {
        String unknown =
                "what answers at %s is no dispatcher (HTTP %d)"
                        .formatted(dispatcher, answer.statusCode());
        try {
            return Table.printable(mapper.readTree(answer.body()).path("detail").asText(unknown));
        } catch (JsonProcessingException e) {
            return unknown;
        }
    }
}
