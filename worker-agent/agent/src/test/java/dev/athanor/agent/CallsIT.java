package dev.athanor.agent;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.logs;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.queueTimeout;
import static dev.athanor.api.Athanor.requirements;
import static dev.athanor.api.Athanor.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.call.CallLimits;
import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.Jobs;
import dev.athanor.agent.testing.Lambdas;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.BuildFailedException;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.IsolatedFunction2;
import dev.athanor.api.LogLine;
import dev.athanor.api.Option;
import dev.athanor.api.SandboxDiedException;
import dev.athanor.api.TimedOutException;
import dev.athanor.api.TooLargeException;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Calls as their callers make them, through the API, a real broker and an agent. */
class CallsIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final String COMMONS_TEXT = "org.apache.commons:commons-text:1.13.0";
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    @TempDir private static Path agentFolder;
    private static Agent agent;
    private static AthanorClient client;
    private static Option here;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws InterruptedException {
        CallLimits limits = CallLimits.defaults();
        agent =
                CLUSTER.agent(
                        "calls",
                        Map.of("XS", 2, "M", 1),
                        agentFolder,
                        METERS,
                        config ->
                                config.withLimits(
                                        new CallLimits(
                                                limits.execution(),
                                                limits.start(),
                                                limits.build(),
                                                Duration.ofMillis(200))));
        client = CLUSTER.client();
        here = host(cloud(client));
    }

    @AfterAll
    static void stop() {
        client.close();
        agent.close();
    }

    @Test
    void aFunctionRunsElsewhereAndReturnsHere() {
        IsolatedFunction<String> hello = Lambdas.hello(here);
        IsolatedFunction<Long> processId = isolated(Jobs::processId, here);

        assertThat(hello.call()).isEqualTo("Hello World");
        assertThat(processId.call()).isNotEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void argumentsAndCapturedValuesTravel() {
        List<String> captured = List.of("a", "b");

        assertThat(isolated(Jobs::join, here).call("x", 1, 2L, true)).isEqualTo("x12true");
        assertThat(Lambdas.appending(captured, here).call("c")).isEqualTo("[a, b]c");
    }

    @Test
    void aFanOutKeepsTheOrder() {
        IsolatedFunction1<Integer, Integer> twice = isolated(Jobs::twice, here);
        List<Integer> numbers = IntStream.range(0, 300).boxed().toList();

        assertThat(twice.map(numbers))
                .containsExactlyElementsOf(numbers.stream().map(n -> 2 * n).toList());
    }

    @Test
    void theSecondCallIsHot() {
        IsolatedFunction<Long> processId =
                isolated(Jobs::processId, machineType(M), keepAlive(60), here);
        double before = hotCalls("M");

        long first = processId.call();
        long second = processId.call();

        assertThat(second).isEqualTo(first);
        assertThat(hotCalls("M")).isGreaterThan(before);
    }

    @Test
    void withoutKeepAliveEveryCallHasASandboxOfItsOwn() {
        IsolatedFunction<Long> processId =
                isolated(
                        Jobs::processId,
                        requirements("org.apache.commons:commons-lang3:3.15.0"),
                        keepAlive(0),
                        here);

        assertThat(processId.call()).isNotEqualTo(processId.call());
    }

    @Test
    void aSandboxEndsWhenItsKeepAliveIsOver() {
        IsolatedFunction<Long> processId =
                isolated(
                        Jobs::processId,
                        requirements("org.apache.commons:commons-lang3:3.13.0"),
                        keepAlive(1),
                        here);

        long pid = processId.call();

        await().untilAsserted(() -> assertThat(ProcessHandle.of(pid)).isEmpty());
    }

    @Test
    void aRequirementIsResolvedAndItsBuildIsSeen() {
        Queue<LogLine> lines = new ConcurrentLinkedQueue<>();
        IsolatedFunction1<String, String> capitalized =
                isolated(Jobs::capitalized, requirements(COMMONS_TEXT), logs(lines::add), here);

        assertThat(capitalized.call("hello world")).isEqualTo("Hello World");

        assertThat(lines).extracting(LogLine::text).anyMatch(line -> line.contains(COMMONS_TEXT));
    }

    @Test
    void conflictingVersionsRunSideBySide() {
        IsolatedFunction<String> version = isolated(Jobs::langVersion, here);

        assertThat(version.on(requirements("org.apache.commons:commons-lang3:3.12.0")).call())
                .isEqualTo("3.12.0");
        assertThat(version.on(requirements("org.apache.commons:commons-lang3:3.14.0")).call())
                .isEqualTo("3.14.0");
    }

    @Test
    void aWrongRequirementFailsWithTheResolversMessage() {
        IsolatedFunction<String> hello =
                isolated(Jobs::hello, requirements("dev.athanor:no-such-thing:1.0"), here);

        assertThatThrownBy(hello::call)
                .isInstanceOf(BuildFailedException.class)
                .hasMessageContaining("dev.athanor:no-such-thing");
    }

    @Test
    void anExceptionArrivesWithItsRemoteTraceAndCause() {
        IsolatedFunction1<String, String> fail = isolated(Jobs::fail, here);

        assertThatThrownBy(() -> fail.call("x"))
                .isInstanceOf(FunctionFailedException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot use x")
                .hasCauseInstanceOf(NumberFormatException.class)
                .satisfies(e -> assertThat(e.getStackTrace()[0].getMethodName()).isEqualTo("fail"));
    }

    @Test
    void linesArriveWhileTheFunctionRuns() throws Exception {
        Queue<LogLine> lines = new ConcurrentLinkedQueue<>();
        Path goOn = folder.resolve("go-on");
        IsolatedFunction2<String, String, String> print =
                isolated(Jobs::printAndWaitFor, logs(lines::add), here);

        CompletableFuture<String> call = print.submit("a line", goOn.toString());
        await().untilAsserted(() ->
                assertThat(lines).extracting(LogLine::text).contains("a line", "err a line"));
        assertThat(call).isNotDone();
        Files.createFile(goOn);

        assertThat(call.join()).isEqualTo("seen");
    }

    @Test
    void exitingCostsTheFunctionItsOwnSandboxOnly() {
        IsolatedFunction1<Integer, String> exit = isolated(Jobs::exit, here);

        assertThatThrownBy(() -> exit.call(3))
                .isInstanceOf(SandboxDiedException.class)
                .hasMessageContaining("status 3");
        assertThat(isolated(Jobs::hello, here).call()).isEqualTo("Hello World");
    }

    @Test
    void aFunctionThatRunsTooLongIsStopped() {
        IsolatedFunction<String> endless =
                isolated(Jobs::ignoresInterrupts, timeout(Duration.ofSeconds(1)), here);

        assertThatThrownBy(endless::call)
                .isInstanceOf(TimedOutException.class)
                .hasMessageContaining("execution timeout");
    }

    @Test
    void whatWaitsTooLongInTheQueueNeverRuns() throws Exception {
        Path goOn = folder.resolve("go-on");
        Path runs = folder.resolve("runs");
        IsolatedFunction2<String, String, String> wait =
                isolated(Jobs::markAndWaitFor, machineType(M), here);
        CompletableFuture<String> first = wait.submit(runs.toString(), goOn.toString());
        await().until(() -> Files.exists(runs));

        CompletableFuture<String> second =
                wait.on(queueTimeout(Duration.ofMillis(1)))
                        .submit(runs.toString(), goOn.toString());
        Files.createFile(goOn);

        assertThat(first.join()).isEqualTo("ran");
        assertThatThrownBy(second::join).hasCauseInstanceOf(TimedOutException.class);
        assertThat(Files.readAllLines(runs)).hasSize(1);
    }

    @Test
    void largePayloadsTravelBothWays() {
        byte[] bytes = new byte[5 * 1024 * 1024];
        new Random(1).nextBytes(bytes);

        byte[] reversed = isolated(Jobs::reversed, here).call(bytes);

        assertThat(reversed).isEqualTo(Jobs.reversed(bytes));
    }

    @Test
    void aResultOverTheLimitIsAnErrorThatNamesIt() {
        IsolatedFunction1<Integer, byte[]> zeros = isolated(Jobs::zeros, machineType(M), here);

        assertThatThrownBy(() -> zeros.call(65 * 1024 * 1024))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("67108864");
    }

    @Test
    void aRecordThatIsNoInvocationBecomesADeadLetter() throws Exception {
        byte[] garbage = "no invocation".getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", CLUSTER.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.invocations("XS"), garbage)).get();
        }

        assertThat(deadLetter().getValue().array()).isEqualTo(garbage);
        assertThat(isolated(Jobs::hello, here).call()).isEqualTo("Hello World");
    }

    private static DeadLetter deadLetter() {
        TopicPartition partition = new TopicPartition(Topics.DEAD_LETTERS, 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", CLUSTER.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return await().until(
                            () -> {
                                DeadLetter last = null;
                                for (ConsumerRecord<byte[], byte[]> record :
                                        consumer.poll(Duration.ofMillis(200))) {
                                    last = Codec.current().decode(record.value(), DeadLetter.class);
                                }
                                return last;
                            },
                            letter ->
                                    letter != null
                                            && letter.getReason() == DeadLetterReason.UNDECODABLE);
        }
    }

    private static double hotCalls(String machineType) {
        return METERS
                .find("athanor.calls")
                .tags("machine_type", machineType, "hot", "true")
                .counters()
                .stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
