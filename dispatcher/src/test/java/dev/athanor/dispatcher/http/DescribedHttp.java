package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Asks a door, and holds every answer against the description that the door itself gives. */
final class DescribedHttp implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final SchemaRegistry schemas =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final URI door;
    private final JsonNode description;

    DescribedHttp(URI door) throws IOException, InterruptedException {
        this.door = door;
        this.description =
                MAPPER.readTree(
                        client.send(request("/v1/openapi.json").build(), BodyHandlers.ofString())
                                .body());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(door.resolve(path)).timeout(Duration.ofMinutes(1));
    }

    HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    JsonNode json(String path, String... headers) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return MAPPER.readTree(answer.body());
    }

    HttpResponse<String> send(HttpRequest.Builder builder)
            throws IOException, InterruptedException {
        HttpRequest request = builder.build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        check(request, answer);
        return answer;
    }

    /** The methods and paths that are described, such as {@code GET /live}. */
    SortedSet<String> operations() {
        SortedSet<String> operations = new TreeSet<>();
        description
                .get("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .fieldNames()
                                .forEachRemaining(method ->
                                        operations.add(
                                                method.toUpperCase(Locale.ROOT)
                                                        + " "
                                                        + path.getKey())));
        return operations;
    }

    static String type(HttpResponse<String> answer) throws IOException {
        return MAPPER.readTree(answer.body()).path("type").asText();
    }

    /** Holds a part of an answer against a schema of that name. */
    void check(String schema, String json) throws IOException {
        ObjectNode described =
                MAPPER.createObjectNode().put("$ref", "#/components/schemas/" + schema);
        described.set("components", description.get("components"));
        assertThat(schemas.getSchema(described).validate(MAPPER.readTree(json))).as(json).isEmpty();
    }

    private void check(HttpRequest request, HttpResponse<String> answer) throws IOException {
        String what = request.method() + " " + request.uri() + ": " + answer.body();
        JsonNode response = response(request, answer.statusCode());
        if (response.isMissingNode()) {
            throw new AssertionError("not described: " + answer.statusCode() + " of " + what);
        }
        for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
            assertThat(answer.headers().firstValue(header.getKey())).as(what).isPresent();
        }
        if (!response.has("content")) {
            assertThat(answer.body()).as(what).isEmpty();
            return;
        }
        String type =
                answer.headers().firstValue("content-type").orElseThrow().replaceFirst(";.*", "");
        JsonNode media = response.path("content").path(type);
        assertThat(media.isObject()).as(type + " of " + what).isTrue();
        if (type.endsWith("json")) {
            ObjectNode schema = media.path("schema").deepCopy();
            schema.set("components", description.get("components"));
            assertThat(schemas.getSchema(schema).validate(MAPPER.readTree(answer.body())))
                    .as(what)
                    .isEmpty();
        }
    }

    /** The described answer; of what has no description, that of a problem. */
    private JsonNode response(HttpRequest request, int status) {
        // Names of functions have slashes, so that the longest path is the one that is meant.
        List<Map.Entry<String, JsonNode>> paths =
                description.get("paths").properties().stream()
                        .sorted(Comparator.comparingInt(path -> -path.getKey().length()))
                        .toList();
        for (Map.Entry<String, JsonNode> path : paths) {
            String pattern =
                    path.getKey()
                            .replace("functions/{name}", "functions/.+?")
                            .replaceAll("\\{[^}]*}", "[^/]+");
            JsonNode operation = path.getValue().path(request.method().toLowerCase(Locale.ROOT));
            if (request.uri().getPath().matches(pattern) && operation.isObject()) {
                JsonNode responses = operation.get("responses");
                JsonNode exact = responses.path(Integer.toString(status));
                return resolved(exact.isMissingNode() ? responses.path("default") : exact);
            }
        }
        return status < 400
                ? MAPPER.missingNode()
                : description.at("/components/responses/Problem");
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? description.at(node.get("$ref").asText().substring(1)) : node;
    }

    @Override
    public void close() {
        client.close();
    }
}
