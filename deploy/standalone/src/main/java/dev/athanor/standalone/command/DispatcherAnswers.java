package dev.athanor.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.athanor.schemas.keys.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks a dispatcher by HTTP. */
final class DispatcherAnswers {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LONGEST_PAGE = 1_000;
    private static final String LAST_EVENT = "event: end";
    private static final String DATA = "data: ";

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

    /**
     * The first of what a path lists page by page, with the same exceptions.
     *
     * @param field of a page, that has its part of the list
     * @param limit how many at most
     */
    ArrayNode list(
            String path, Map<String, ? extends @Nullable Object> query, String field, int limit)
            throws InterruptedException {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        @Nullable String cursor = null;
        do {
            Map<String, @Nullable Object> asked = new HashMap<>(query);
            asked.put("limit", Math.min(LONGEST_PAGE, limit - all.size()));
            asked.put("cursor", cursor);
            JsonNode page = get(path, asked);
            page.path(field).forEach(all::add);
            cursor = page.has("next") ? page.get("next").asText() : null;
        } while (cursor != null && all.size() < limit);
        return all;
    }

    /** Has something done at a path that needs to be told nothing, with the same exceptions. */
    JsonNode post(String path) throws InterruptedException {
        return send(HttpRequest.newBuilder(uri(path, Map.of())).POST(BodyPublishers.noBody()));
    }

    /** As {@link #post}, where doing it again changes nothing. */
    JsonNode put(String path) throws InterruptedException {
        return send(HttpRequest.newBuilder(uri(path, Map.of())).PUT(BodyPublishers.noBody()));
    }

    /** Has what there is at a path go, with the same exceptions. */
    JsonNode delete(String path) throws InterruptedException {
        return send(HttpRequest.newBuilder(uri(path, Map.of())).DELETE());
    }

    /**
     * The data of each server-sent event of a stream, as it comes, with the same exceptions.
     *
     * @return whether the stream came to its own end
     */
    boolean follow(
            String path, Map<String, ? extends @Nullable Object> query, Consumer<JsonNode> events)
            throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path, query));
        return exchange(
                request.header("Accept", "text/event-stream"),
                BodyHandlers.ofLines(),
                lines -> lines.collect(Collectors.joining("\n")),
                lines -> {
                    Iterator<String> each = lines.iterator();
                    boolean isEnd = false;
                    while (each.hasNext()) {
                        String line = each.next();
                        isEnd |= line.equals(LAST_EVENT);
                        if (!isEnd && line.startsWith(DATA)) {
                            events.accept(mapper.readTree(line.substring(DATA.length())));
                        }
                    }
                    return isEnd;
                });
    }

    private JsonNode send(HttpRequest.Builder request) throws InterruptedException {
        return exchange(
                request.header("Accept", "application/json"),
                BodyHandlers.ofString(StandardCharsets.UTF_8),
                Function.identity(),
                mapper::readTree);
    }

    /** Reads an answer. */
    @FunctionalInterface
    private interface Reader<B, T> {
        T read(B body) throws IOException;
    }

    private <B, T> T exchange(
            HttpRequest.Builder request,
            HttpResponse.BodyHandler<B> handler,
            Function<B, String> text,
            Reader<B, T> reader)
            throws InterruptedException {
        request.timeout(PATIENCE);
        credentials.ifPresent(key ->
                request.header(
                        "Authorization", "Bearer %s:%s".formatted(key.keyId(), key.secret())));
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build()) {
            HttpResponse<B> answer = client.send(request.build(), handler);
            if (answer.statusCode() >= 300) {
                throw new DispatcherException(
                        problem(answer.statusCode(), text.apply(answer.body())), null);
            }
            return reader.read(answer.body());
        } catch (JsonProcessingException e) {
            throw new DispatcherException(
                    "what answers at %s is no dispatcher".formatted(dispatcher), e);
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
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

    private String problem(int status, String body) {
        String unknown =
                "what answers at %s is no dispatcher (HTTP %d)".formatted(dispatcher, status);
        try {
            return Table.printable(mapper.readTree(body).path("detail").asText(unknown));
        } catch (JsonProcessingException e) {
            return unknown;
        }
    }
}
