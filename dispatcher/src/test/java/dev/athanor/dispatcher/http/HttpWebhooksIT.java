package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.job.KnownJob;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks from a job's submission to what its receiver gets. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HttpWebhooksIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** A message as it came. */
    private record Message(String id, String timestamp, String signature, String body) {}

    private static final List<Message> MESSAGES = new CopyOnWriteArrayList<>();

    @TempDir private static Path folder;
    private static JobsDoor door;
    private static DescribedHttp http;
    private static HttpServer receiver;

    @BeforeAll
    static void start() throws Exception {
        door = JobsDoor.open(folder);
        http = door.http();
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", HttpWebhooksIT::receive);
        receiver.start();
    }

    @AfterAll
    static void stop() {
        receiver.stop(0);
        door.close();
    }

    /** Takes the second of each job's messages. */
    private static void receive(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String id = exchange.getRequestHeaders().getFirst("webhook-id");
        boolean isFirst = MESSAGES.stream().noneMatch(message -> message.id().equals(id));
        MESSAGES.add(
                new Message(
                        id,
                        exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                        exchange.getRequestHeaders().getFirst("webhook-signature"),
                        body));
        exchange.sendResponseHeaders(isFirst ? 500 : 204, -1);
        exchange.close();
    }

    @Test
    void anEndIsToldUntilItIsTakenAndSigned() throws Exception {
        String address = "http://127.0.0.1:%d/hook".formatted(receiver.getAddress().getPort());
        KnownJob job = job(address);
        String id = job.invocation().getCorrelationId();
        assertThat(submit(job).statusCode()).isEqualTo(202);
        assertThat(http.get("/v1/jobs/" + id + "/webhook").statusCode()).isEqualTo(404);

        end(job);

        await().atMost(SOON).until(() -> webhook(id).path("state").asText().equals("DELIVERED"));
        JsonNode webhook = webhook(id);
        assertThat(webhook.path("url").asText()).isEqualTo(address);
        assertThat(webhook.at("/attempts/0/status").asInt()).isEqualTo(500);
        assertThat(webhook.at("/attempts/0/problem").asText()).isEqualTo("it answered 500");
        assertThat(webhook.at("/attempts/1/status").asInt()).isEqualTo(204);
        List<Message> mine = MESSAGES.stream().filter(message -> message.id().equals(id)).toList();
        assertThat(mine).hasSize(2);
        for (Message message : mine) {
            assertThat(message.signature()).isEqualTo(signature(message));
            JsonNode body = new JsonMapper().readTree(message.body());
            assertThat(body.path("type").asText()).isEqualTo("job.ended");
            assertThat(body.at("/data/id").asText()).isEqualTo(id);
            assertThat(body.at("/data/state").asText()).isEqualTo("SUCCEEDED");
        }
    }

    @Test
    void anAddressThatIsNoneIsRefusedAtTheDoor() throws Exception {
        for (String wrong : List.of("ftp://acme.test/", "https://user:secret@acme.test/", "x")) {
            HttpResponse<String> answer = submit(job(wrong));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        }
    }

    @Test
    void aSecretStaysUntilItIsRenewed() throws Exception {
        String first = http.json("/v1/webhooks/secret").path("secret").asText();
        assertThat(first).startsWith("whsec_");
        assertThat(http.json("/v1/webhooks/secret").path("secret").asText()).isEqualTo(first);

        HttpResponse<String> renewed =
                http.send(http.request("/v1/webhooks/secret").POST(BodyPublishers.noBody()));

        assertThat(renewed.body()).doesNotContain(first);
        assertThat(renewed.body())
                .contains(http.json("/v1/webhooks/secret").path("secret").asText());
    }

    /** What a receiver works out, by its own means. */
    private static String signature(Message message) throws Exception {
        String secret = http.json("/v1/webhooks/secret").path("secret").asText();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(
                new SecretKeySpec(
                        Base64.getDecoder().decode(secret.substring("whsec_".length())),
                        "HmacSHA256"));
        byte[] signed =
                "%s.%s.%s"
                        .formatted(message.id(), message.timestamp(), message.body())
                        .getBytes(StandardCharsets.UTF_8);
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
    }

    private static JsonNode webhook(String id) throws Exception {
        HttpResponse<String> answer = http.get("/v1/jobs/" + id + "/webhook");
        return new JsonMapper().readTree(answer.body());
    }

    private static KnownJob job(String webhook) {
        KnownJob plain = JobRequests.job("shout");
        return JobRequests.known(
                Invocation.newBuilder(plain.invocation()).setWebhook(webhook).build(), "XS");
    }

    private static HttpResponse<String> submit(KnownJob job) throws Exception {
        return http.send(
                http.request("/v1/jobs")
                        .header("Content-Type", JobsResource.INVOCATION)
                        .POST(BodyPublishers.ofByteArray(Codec.current().encode(job.envelope()))));
    }

    /** As its agent says it. */
    private static void end(KnownJob job) throws Exception {
        Reply reply =
                Reply.newBuilder()
                        .setCorrelationId(job.invocation().getCorrelationId())
                        .setOutcome(Outcome.SUCCEEDED)
                        .setAgent("agent-1")
                        .setPhases(new PhaseTimes())
                        .build();
        JobEvent event = job.ended(reply, System.currentTimeMillis());
        door.producer()
                .send(
                        new ProducerRecord<>(
                                Topics.JOBS,
                                event.getCorrelationId().getBytes(StandardCharsets.UTF_8),
                                Codec.current().encode(event)))
                .get();
    }
}
