package dev.athanor.dispatcher.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.dispatcher.database.Database;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.blob.BlobReader;
import dev.athanor.schemas.blob.Blobs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registered functions by HTTP, at two dispatchers, without an agent. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HttpFunctionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DEPLOYMENT =
            """
            {"language": "JAVA", "bundles": ["%s"], "machineType": "XS", "description": "%s",
             "entryPoint": {"owner": "com/acme/Jokes", "name": "tell",
                            "descriptor": "(Ljava/lang/String;I)Ljava/lang/String;",
                            "referenceKind": 6},
             "parameters": [{"name": "name", "required": true, "schema": {"type": "string"}},
                            {"name": "times", "required": true, "schema": {"type": "integer"}}]}
            """;

    @TempDir private static Path folder;
    private static JobsDoor door;
    private static DescribedHttp http;
    private static Dispatcher second;
    private static DescribedHttp other;
    private static Database database;

    @BeforeAll
    static void start() throws Exception {
        door = JobsDoor.open(folder);
        http = door.http();
        second =
                Dispatcher.start(
                        DispatcherConfig.of("second", door.kafka().bootstrapServers())
                                .withDatabase(door.postgres().url())
                                .withHttp(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
        other = new DescribedHttp(second.http().orElseThrow());
        await().atMost(PATIENCE).until(second::isReady);
        database = Database.open(door.postgres().url());
    }

    @AfterAll
    static void stop() {
        database.close();
        other.close();
        second.close();
        door.close();
    }

    @Test
    void aCallCarriesTheCodeTheOptionsAndTheArguments() throws Exception {
        byte[] code = "a jar of many bytes".repeat(50_000).getBytes(UTF_8);
        String digest = send(http, code);
        JsonNode deployed = json(deploy(http, "jokes/tell", digest, "first"), 201);
        assertThat(deployed.get("version").asInt()).isEqualTo(1);
        assertThat(deployed.at("/deployment/limits/queueTimeoutMillis").asLong())
                .isEqualTo(3_600_000);

        String byPosition = call(other, "jokes/tell", "[\"World\", 2]");
        String byName = call(http, "jokes/tell", "{\"times\": 3, \"name\": \"Moon\"}");

        assertThat(http.json("/v1/jobs/" + byPosition).get("function").asText())
                .isEqualTo("jokes/tell");
        List<Invocation> queued = queued("jokes/tell");
        assertThat(queued)
                .extracting(Invocation::getCorrelationId)
                .containsExactly(byPosition, byName);
        Invocation invocation = queued.getFirst();
        assertThat(invocation.getJob()).isTrue();
        assertThat(invocation.getArguments().getCodec()).isEqualTo(PayloadCodec.JSON);
        assertThat(UTF_8.decode(invocation.getArguments().getContent()).toString())
                .isEqualTo("[\"World\", 2]");
        FunctionSpec spec = spec(invocation);
        assertThat(spec.getEnvironment().getKind()).isEqualTo(EnvironmentKind.JVM);
        assertThat(spec.getEntryPoint().getOwner()).isEqualTo("com/acme/Jokes");
        BlobAddress address = spec.getBundles().getFirst().getAddress();
        assertThat(blob(address)).isEqualTo(code);
        assertThat(spec(queued.get(1)).getBundles().getFirst().getAddress())
                .as("it lies in Kafka already")
                .isEqualTo(address);
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsQueued() throws Exception {
        deployed("strict");
        for (String arguments :
                List.of(
                        "[]",
                        "[1, 2]",
                        "[\"a\", \"b\"]",
                        "{\"name\": \"a\"}",
                        "7",
                        "",
                        "[",
                        "null")) {
            HttpResponse<String> refused = post(http, "strict", arguments);
            assertThat(refused.statusCode()).as(arguments).isEqualTo(400);
        }
        assertThat(post(http, "strict", "[\"a\", \"b\"]").body())
                .contains("parameter \\\"times\\\": expected integer, got \\\"b\\\"");
        assertThat(post(http, "strict", "[\"" + "x".repeat(2 << 20) + "\", 1]").statusCode())
                .isEqualTo(413);
        assertThat(queued("strict")).isEmpty();
    }

    @Test
    void largeArgumentsLieInABlob() throws Exception {
        deployed("large");
        String arguments = "[\"%s\", 1]".formatted("x".repeat(400_000));

        call(http, "large", arguments);

        Invocation invocation = queued("large").getFirst();
        assertThat(new String(blob(invocation.getArguments().getBlob()), UTF_8))
                .isEqualTo(arguments);
    }

    @Test
    void versionsAreListedRolledBackAndForgotten() throws Exception {
        String digest = send(http, "rolled".getBytes(UTF_8));
        String name = "rolled/back";
        for (String what : List.of("one", "two", "three")) {
            assertThat(deploy(http, name, digest, what).statusCode()).isEqualTo(201);
        }
        assertThat(json(deploy(other, name, digest, "three"), 200).get("version").asInt())
                .as("the same again is no new version")
                .isEqualTo(3);

        String versions = "/v1/functions/" + name + "/versions";
        JsonNode page = http.json(versions + "?limit=2");
        assertThat(page.get("versions").findValuesAsText("version")).containsExactly("3", "2");
        JsonNode rest = http.json(versions + "?limit=2&cursor=" + page.get("next").asText());
        assertThat(rest.get("versions").findValuesAsText("version")).containsExactly("1");

        assertThat(json(put(http, name + "/current/1"), 200).get("description").asText())
                .isEqualTo("one");
        assertThat(other.json("/v1/functions/" + name).get("version").asInt()).isEqualTo(1);
        call(other, name, "[\"a\", 1]");
        call(other, name, "[\"a\", 1]", "?version=3");

        assertThat(delete(http, versions + "/1").statusCode()).as("it is current").isEqualTo(409);
        assertThat(delete(http, versions + "/2").statusCode()).isEqualTo(204);
        assertThat(delete(http, versions + "/2").statusCode()).isEqualTo(404);
        assertThat(put(http, name + "/current/2").statusCode()).isEqualTo(404);
        assertThat(put(http, name + "/current/99").statusCode()).isEqualTo(404);
        assertThat(post(http, name + "/jobs?version=2", "[\"a\", 1]", true).statusCode())
                .isEqualTo(404);
        assertThat(json(deploy(http, name, digest, "four"), 201).get("version").asInt())
                .isEqualTo(4);
    }

    @Test
    void whatIsDeletedIsGoneAndItsNumbersStayTaken() throws Exception {
        deployed("gone");
        String queued = call(http, "gone", "[\"a\", 1]");

        assertThat(delete(other, "/v1/functions/gone").statusCode()).isEqualTo(204);

        assertThat(delete(other, "/v1/functions/gone").statusCode()).isEqualTo(404);
        assertThat(http.get("/v1/functions/gone").statusCode()).isEqualTo(404);
        assertThat(http.get("/v1/functions/gone/versions").statusCode()).isEqualTo(404);
        assertThat(http.get("/v1/functions/gone/versions/1").statusCode()).isEqualTo(404);
        assertThat(put(http, "gone/current/1").statusCode()).isEqualTo(404);
        assertThat(post(http, "gone", "[\"a\", 1]").statusCode()).isEqualTo(404);
        assertThat(names()).doesNotContain("gone");
        assertThat(http.json("/v1/jobs/" + queued).get("state").asText())
                .as("what was accepted runs all the same")
                .isEqualTo("QUEUED");
        JsonNode again = json(deploy(http, "gone", send(http, new byte[0]), "again"), 201);
        assertThat(again.get("version").asInt()).isEqualTo(2);
        assertThat(names()).contains("gone");
    }

    private static List<String> names() throws Exception {
        List<String> names = new ArrayList<>();
        String query = "?limit=2";
        JsonNode page = http.json("/v1/functions" + query);
        names.addAll(page.get("functions").findValuesAsText("name"));
        while (page.has("next")) {
            page = http.json("/v1/functions" + query + "&cursor=" + page.get("next").asText());
            names.addAll(page.get("functions").findValuesAsText("name"));
        }
        return names;
    }

    @Test
    void deploymentsAtOnceAreVersionsOfTheirOwn() throws Exception {
        String digest = send(http, "raced".getBytes(UTF_8));
        Set<Integer> versions = new HashSet<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<JsonNode>> answers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                DescribedHttp at = i % 2 == 0 ? http : other;
                String what = "number " + i;
                answers.add(callers.submit(() -> json(deploy(at, "raced", digest, what), 201)));
            }
            for (Future<JsonNode> answer : answers) {
                versions.add(answer.get().get("version").asInt());
            }
        }

        assertThat(versions).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(http.json("/v1/functions/raced").get("version").asInt()).isEqualTo(10);
    }

    @Test
    void codeThatADispatcherTookBeforeItDiedIsUsedByTheNext() throws Exception {
        byte[] code = "orphan".getBytes(UTF_8);
        String digest = send(http, code);

        assertThat(other.get("/v1/bundles/" + digest).statusCode()).isEqualTo(200);
        assertThat(deploy(other, "orphan", digest, "").statusCode()).isEqualTo(201);
        call(http, "orphan", "[\"a\", 1]");
    }

    @Test
    void codeThatNoVersionNeedsIsForgottenAfterADayAndOtherCodeIsNot() throws Exception {
        String unused = send(http, "unused".getBytes(UTF_8));
        String fresh = send(http, "fresh".getBytes(UTF_8));
        String used = send(http, "used".getBytes(UTF_8));
        deploy(http, "user", used, "");
        String twoDaysAgo = "seen_at = seen_at - 172800000";
        change("UPDATE bundles SET %s WHERE digest = ?".formatted(twoDaysAgo), unused);
        change("UPDATE bundles SET %s WHERE digest = ?".formatted(twoDaysAgo), used);

        deploy(http, "user", fresh, "");

        assertThat(http.get("/v1/bundles/" + unused).statusCode()).isEqualTo(404);
        assertThat(http.get("/v1/bundles/" + fresh).statusCode()).isEqualTo(200);
        assertThat(http.get("/v1/bundles/" + used).statusCode()).isEqualTo(200);
        HttpResponse<String> missing = deploy(http, "never", unused, "");
        assertThat(missing.statusCode()).isEqualTo(409);
        assertThat(missing.body()).contains("send it first");
        assertThat(http.get("/v1/functions/never").statusCode()).isEqualTo(404);
    }

    @Test
    void codeIsSentAnewBeforeKafkaForgetsIt() throws Exception {
        String digest = deployed("placed");
        call(http, "placed", "[\"a\", 1]");
        change("UPDATE bundles SET placed_at = placed_at - 43200001 WHERE digest = ?", digest);

        call(other, "placed", "[\"a\", 2]");

        List<Invocation> queued = queued("placed");
        BlobAddress first = spec(queued.get(0)).getBundles().getFirst().getAddress();
        BlobAddress later = spec(queued.get(1)).getBundles().getFirst().getAddress();
        assertThat(later.getFirstOffset()).isGreaterThan(first.getLastOffset());
        assertThat(blob(later)).isEqualTo("placed".getBytes(UTF_8));
    }

    @Test
    void underAnIdempotencyKeyAFunctionIsCalledOnce() throws Exception {
        deployed("once");
        List<String> ids = new ArrayList<>();
        for (DescribedHttp at : List.of(http, other, http)) {
            HttpResponse<String> answer =
                    at.send(
                            at.request("/v1/functions/once/jobs")
                                    .header("Idempotency-Key", "call-1")
                                    .POST(BodyPublishers.ofString("[\"a\", 1]")));
            ids.add(json(answer, 202).get("id").asText());
        }

        assertThat(new HashSet<>(ids)).hasSize(1);
        assertThat(queued("once")).hasSize(1);
        assertThat(
                        http.send(
                                        http.request("/v1/functions/once/jobs")
                                                .header("Idempotency-Key", "call-1")
                                                .POST(BodyPublishers.ofString("[\"a\", 2]")))
                                .statusCode())
                .isEqualTo(422);
    }

    @Test
    void hostileRequestsAreRefused() throws Exception {
        String digest = send(http, "hostile".getBytes(UTF_8));
        for (String name : List.of("a%20b", "a//b", "jobs", "x/versions/y", "-a", "%C3%A4")) {
            assertThat(deploy(http, name, digest, "").statusCode()).as(name).isBetween(400, 499);
        }
        assertThat(deploy(http, "n".repeat(10_000), digest, "").statusCode()).isEqualTo(400);
        assertThat(http.get("/v1/functions/%2e%2e/jobs").statusCode()).isBetween(400, 499);
        for (String body :
                List.of(
                        "",
                        "[]",
                        "{}",
                        "{\"language\": \"COBOL\"}",
                        "{\"language\": \"JAVA\"}",
                        DEPLOYMENT.formatted("../../x", ""),
                        DEPLOYMENT.formatted(digest, "\\ud800"),
                        DEPLOYMENT
                                .formatted(digest, "")
                                .replace(
                                        "\"machineType\"",
                                        "\"checksums\": {\"a\": null}, \"machineType\""),
                        DEPLOYMENT.formatted(digest, "").replace("\"XS\"", "\"../XS\""),
                        DEPLOYMENT.formatted(digest, "").replace("\"language\"", "\"lingo\""),
                        DEPLOYMENT.formatted(digest, "").replace("\"integer\"", "\"int\""))) {
            assertThat(putBody(http, "/v1/functions/hostile", body).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(http.get("/v1/functions/hostile").statusCode()).isEqualTo(404);
        for (String path :
                List.of(
                        "/v1/functions?limit=0",
                        "/v1/functions?limit=9999999999",
                        "/v1/functions?cursor=%00",
                        "/v1/bundles/abc",
                        "/v1/functions/a/versions/x",
                        "/v1/functions/a/versions?cursor=x")) {
            assertThat(http.get(path).statusCode()).as(path).isEqualTo(400);
        }
        String wrong = "0".repeat(64);
        assertThat(putBytes(http, "/v1/bundles/" + wrong, new byte[] {1}).statusCode())
                .isEqualTo(400);
        assertThat(http.get("/v1/bundles/" + wrong).statusCode()).isEqualTo(404);
        byte[] large = new byte[65 << 20];
        assertThat(putBytes(http, "/v1/bundles/" + hex(large), large).statusCode()).isEqualTo(413);
    }

    /** Of the name as text, which is its digest. */
    private static String deployed(String name) throws Exception {
        String digest = send(http, name.getBytes(UTF_8));
        assertThat(deploy(http, name, digest, "").statusCode()).isEqualTo(201);
        return digest;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(Blobs.digest(bytes).bytes());
    }

    private static String send(DescribedHttp at, byte[] code) throws Exception {
        String digest = hex(code);
        await().atMost(PATIENCE)
                .until(() -> putBytes(at, "/v1/bundles/" + digest, code).statusCode() == 201);
        return digest;
    }

    private static HttpResponse<String> deploy(
            DescribedHttp at, String name, String digest, String description) throws Exception {
        return putBody(at, "/v1/functions/" + name, DEPLOYMENT.formatted(digest, description));
    }

    private static HttpResponse<String> putBody(DescribedHttp at, String path, String body)
            throws Exception {
        return at.send(
                at.request(path)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> putBytes(DescribedHttp at, String path, byte[] body)
            throws Exception {
        return at.send(at.request(path).PUT(BodyPublishers.ofByteArray(body)));
    }

    private static HttpResponse<String> put(DescribedHttp at, String path) throws Exception {
        return putBytes(at, "/v1/functions/" + path, new byte[0]);
    }

    private static HttpResponse<String> delete(DescribedHttp at, String path) throws Exception {
        return at.send(at.request(path).DELETE());
    }

    private static HttpResponse<String> post(DescribedHttp at, String name, String arguments)
            throws Exception {
        return post(at, name + "/jobs", arguments, true);
    }

    private static HttpResponse<String> post(
            DescribedHttp at, String path, String arguments, boolean isJson) throws Exception {
        // As curl sends it, whatever the body is.
        String type = isJson ? "application/x-www-form-urlencoded" : "text/plain";
        return at.send(
                at.request("/v1/functions/" + path)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(arguments)));
    }

    private static String call(DescribedHttp at, String name, String arguments) throws Exception {
        return call(at, name, arguments, "");
    }

    private static String call(DescribedHttp at, String name, String arguments, String query)
            throws Exception {
        return json(post(at, name + "/jobs" + query, arguments, true), 202).get("id").asText();
    }

    private static JsonNode json(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new JsonMapper().readTree(answer.body());
    }

    private static void change(String sql, String digest) {
        int changed =
                database.transaction(connection -> {
                    try (var statement = connection.prepareStatement(sql)) {
                        statement.setBytes(1, HexFormat.of().parseHex(digest));
                        return statement.executeUpdate();
                    }
                });
        assertThat(changed).isEqualTo(1);
    }

    private static FunctionSpec spec(Invocation invocation) {
        return Codec.current().decode(invocation.getFunction().array(), FunctionSpec.class);
    }

    private static byte[] blob(BlobAddress address) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BlobReader reader =
                new BlobReader(
                        consumer(),
                        Topics.blobs(DispatcherConfig.DEFAULT_TENANT),
                        Long.MAX_VALUE,
                        PATIENCE)) {
            bytes.writeBytes(reader.read(address));
        }
        return bytes.toByteArray();
    }

    private static KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", door.kafka().bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** A function's invocations in the queue. */
    private static List<Invocation> queued(String function) {
        List<Invocation> queued = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> queue = List.of(new TopicPartition(Topics.invocations("XS"), 0));
            consumer.assign(queue);
            consumer.seekToBeginning(queue);
            long end = consumer.endOffsets(queue).get(queue.getFirst());
            while (consumer.position(queue.getFirst()) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(found ->
                                invocation(found.value(), function).ifPresent(queued::add));
            }
        }
        return queued;
    }

    private static Optional<Invocation> invocation(byte[] record, String function) {
        var envelope = Codec.current().decode(record, InvocationEnvelope.class);
        assertThat(envelope.getTenant()).isEqualTo(DispatcherConfig.DEFAULT_TENANT);
        Invocation invocation =
                Codec.current().decode(envelope.getInvocation().array(), Invocation.class);
        return spec(invocation).getName().equals(function)
                ? Optional.of(invocation)
                : Optional.empty();
    }
}
