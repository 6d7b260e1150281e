package dev.athanor.agent;

import static dev.athanor.api.Athanor.checksums;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.logs;
import static dev.athanor.api.Athanor.rebuild;
import static dev.athanor.api.Athanor.requirements;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.Jobs;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.BuildFailedException;
import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.LogLine;
import dev.athanor.api.LogLine.Source;
import dev.athanor.api.Option;
import dev.athanor.api.SandboxDiedException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What options do, through the API, a real broker and an agent. */
class OptionsIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final String COMMONS_TEXT = "org.apache.commons:commons-text:1.13.0";

    @TempDir private static Path folder;
    private static Agent agent;
    private static AthanorClient client;
    private static Option here;

    @BeforeAll
    static void start() throws InterruptedException {
        agent =
                CLUSTER.agent(
                        "options", Map.of("XS", 2, "M", 1), folder, new SimpleMeterRegistry());
        client = CLUSTER.client();
        here = host(cloud(client));
    }

    @AfterAll
    static void stop() {
        client.close();
        agent.close();
    }

    @Test
    void anAnnotationSaysWhatAFunctionRunsWith() {
        IsolatedFunction1<String, String> annotated = isolated(Jobs::annotated, here);

        assertThat(annotated.options().machineType()).isEqualTo("M");
        assertThat(annotated.call("hello world")).isEqualTo("Hello World");
    }

    @Test
    void aWrongChecksumFailsTheBuild() {
        IsolatedFunction1<String, String> pinned =
                isolated(
                        Jobs::capitalized,
                        requirements(COMMONS_TEXT),
                        checksums(Map.of(COMMONS_TEXT, "0".repeat(64))),
                        here);

        assertThatThrownBy(() -> pinned.call("x"))
                .isInstanceOf(BuildFailedException.class)
                .hasMessageContaining("checksum of " + COMMONS_TEXT);
    }

    @Test
    void aForcedRebuildBuildsAgain() {
        Queue<LogLine> lines = new ConcurrentLinkedQueue<>();
        IsolatedFunction1<String, String> capitalized =
                isolated(Jobs::capitalized, requirements(COMMONS_TEXT), here);
        capitalized.call("x");

        assertThat(capitalized.on(rebuild(true), logs(lines::add)).call("again"))
                .isEqualTo("Again");

        assertThat(lines).anyMatch(line -> line.source() == Source.BUILD);
    }

    @Test
    void aCachedValueLivesAsLongAsItsSandbox() {
        String own = "org.apache.commons:commons-lang3:3.17.0";
        IsolatedFunction<String> one =
                isolated(Jobs::cachedStamp, requirements(own), keepAlive(60), here);
        IsolatedFunction<String> other =
                isolated(Jobs::cachedStampOfAnother, requirements(own), keepAlive(60), here);
        IsolatedFunction1<Integer, String> exit = isolated(Jobs::exit, requirements(own), here);

        String first = one.call();

        assertThat(one.call()).isEqualTo(first);
        assertThat(other.call()).isEqualTo("again " + first);
        assertThatThrownBy(() -> exit.call(1)).isInstanceOf(SandboxDiedException.class);
        assertThat(one.call()).isNotEqualTo(first);
    }

    @Test
    void aMillionLinesHoldUpNobodyAndWhatIsDroppedIsTold() {
        Queue<LogLine> lines = new ConcurrentLinkedQueue<>();
        IsolatedFunction1<Integer, Integer> print =
                isolated(Jobs::printLines, logs(lines::add), here);
        IsolatedFunction<String> hello = isolated(Jobs::hello, keepAlive(60), here);
        hello.call();

        CompletableFuture<Integer> printing = print.submit(1_000_000);
        assertThat(hello.call()).isEqualTo("Hello World");

        assertThat(printing.join()).isEqualTo(1_000_000);
        long arrived = lines.stream().filter(line -> line.source() == Source.FUNCTION).count();
        assertThat(lines)
                .filteredOn(line -> line.source() == Source.AGENT)
                .extracting(LogLine::text)
                .containsExactly(
                        "%,d lines were dropped: more came than could be delivered"
                                .formatted(1_000_000 - arrived));
    }
}
