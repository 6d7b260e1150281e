package dev.athanor.standalone;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.api.InvalidOptionException;
import dev.athanor.api.Job;
import dev.athanor.api.RegisteredFunction;
import dev.athanor.standalone.RegisteredErrands.Order;
import dev.athanor.standalone.command.AthanorCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Java functions that are registered under names: from Java, on the command line, and by HTTP. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RegisteredFunctionsIT {
    @TempDir private static Path folder;
    private static Standalone standalone;
    private static AthanorClient client;

    private record Ended(int status, String out, String err) {}

    @BeforeAll
    static void start() throws Exception {
        standalone =
                Standalone.start(
                        new StandaloneConfig(
                                folder.resolve("data"),
                                0,
                                0,
                                AgentSettings.of(Map.of("XS", 2)),
                                false,
                                Optional.of(new JobsConfig(0, Optional.empty()))));
        client =
                AthanorClient.builder()
                        .bootstrapServers(standalone.bootstrapServers())
                        .dispatcher(standalone.http().orElseThrow())
                        .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        standalone.close();
    }

    @Test
    void recordsGoAndComeBackAndVersionsCanBeNamed() {
        assertThat(isolated(RegisteredErrands::next, host(cloud(client))).deploy("orders/next"))
                .isEqualTo(1);
        assertThat(isolated(RegisteredErrands::next, host(cloud(client))).deploy("orders/next"))
                .as("nothing has changed")
                .isEqualTo(1);
        assertThat(
                        isolated(RegisteredErrands::next, host(cloud(client)), keepAlive(30))
                                .deploy("orders/next"))
                .isEqualTo(2);
        RegisteredFunction<Order> next = client.function("orders/next", Order.class);
        Order order = new Order("gold", 1, LocalDate.of(2026, 1, 31), Optional.of("soon"));
        Order expected = new Order("gold", 2, LocalDate.of(2026, 2, 1), Optional.empty());

        assertThat(next.call(order)).isEqualTo(expected);
        assertThat(next.version(1).call(order)).isEqualTo(expected);
        Job<Order> job = next.underKey("order-1").submitJob(order);
        assertThat(next.underKey("order-1").submitJob(order).id()).isEqualTo(job.id());
        assertThat(next.job(job.id()).result()).isEqualTo(expected);
        assertThatThrownBy(() -> next.call(Map.of("item", "gold", "count", "many")))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("parameter \"order\".count: expected integer");
        assertThatThrownBy(next::call)
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("takes 1 argument (order), got 0");
        assertThatThrownBy(() -> next.version(9).call(order))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("no version 9");
        assertThatThrownBy(() -> client.function("../agents", String.class))
                .isInstanceOf(InvalidOptionException.class);
    }

    @Test
    void whatItThrowsIsToldAndWhatCannotBeDeployedIsRefused() {
        assertThat(isolated(RegisteredErrands::fail, host(cloud(client))).deploy("fail"))
                .isEqualTo(1);

        assertThatThrownBy(() -> client.function("fail", String.class).call("no luck"))
                .isInstanceOf(FunctionFailedException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no luck");
        String captured = folder.toString();
        assertThatThrownBy(() -> isolated(() -> captured, host(cloud(client))).deploy("captures"))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("captured");
        assertThatThrownBy(
                        () -> isolated((Thread thread) -> "", host(cloud(client))).deploy("thread"))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("cannot be made of JSON");
    }

    @Test
    void theCommandDeploysAndManagesAndCurlCalls() throws Exception {
        String classes = Path.of("target", "test-classes").toString();
        String target = RegisteredErrands.class.getName() + "::shout";

        Ended deployed =
                run("deploy", target, "--name", "text/shout", "-cp", classes, "--timeout", "60");
        assertThat(deployed.status()).as(deployed.err()).isZero();
        assertThat(deployed.out().strip()).isEqualTo("text/shout is version 1 now.");
        assertThat(
                        run("deploy", target, "--name", "text/shout", "-cp", classes, "--json")
                                .out()
                                .replaceAll("\\s", ""))
                .isEqualTo("{\"name\":\"text/shout\",\"version\":2}");

        JsonNode result = curl("text/shout", "{\"text\": \"hello\", \"times\": 2}");
        assertThat(result.at("/result/value").asText()).as(result.toString()).isEqualTo("HELLO!!");

        assertThat(run("functions", "list").out()).contains("text/shout").contains("JAVA");
        assertThat(run("functions", "show", "text/shout").out())
                .contains("parameter times")
                .contains("executionTimeoutMillis");
        assertThat(run("functions", "versions", "text/shout").out().lines()).hasSize(3);
        assertThat(run("functions", "rollback", "text/shout", "1").out()).contains("version 1 now");
        assertThat(run("functions", "show", "text/shout", "--json").out())
                .contains("\"executionTimeoutMillis\" : 60000");
        assertThat(run("functions", "delete", "text/shout", "--version-number", "1").err())
                .contains("is the current one");
        assertThat(run("functions", "delete", "text/shout").out()).contains("Deleted text/shout");
        assertThat(run("functions", "show", "text/shout").err())
                .contains("there is no function text/shout");
        assertThat(run("deploy", target + "s", "--name", "x", "-cp", classes).err())
                .contains("has no method shouts")
                .contains("shout");
        assertThat(run("deploy", "no.Such::thing", "--name", "x", "-cp", classes).err())
                .contains("there is no class no.Such");
        assertThat(run("deploy", "nonsense", "--name", "x").err()).contains("neither");
    }

    private static Ended run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--dispatcher-url");
        all.add(standalone.http().orElseThrow().toString());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = AthanorCommand.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = command.execute(all.toArray(String[]::new));
        return new Ended(status, out.toString(), err.toString());
    }

    private static JsonNode curl(String name, String arguments) throws Exception {
        JsonMapper mapper = new JsonMapper();
        try (HttpClient http = HttpClient.newHttpClient()) {
            String calls = standalone.http().orElseThrow() + "/v1/functions/" + name + "/jobs";
            HttpResponse<String> submitted =
                    http.send(
                            HttpRequest.newBuilder(URI.create(calls))
                                    .POST(BodyPublishers.ofString(arguments))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(submitted.statusCode()).as(submitted.body()).isEqualTo(202);
            String id = mapper.readTree(submitted.body()).get("id").asText();
            String result = standalone.http().orElseThrow() + "/v1/jobs/" + id + "/result?wait=60";
            HttpResponse<String> ended =
                    http.send(
                            HttpRequest.newBuilder(URI.create(result)).build(),
                            BodyHandlers.ofString());
            return mapper.readTree(ended.body());
        }
    }
}
