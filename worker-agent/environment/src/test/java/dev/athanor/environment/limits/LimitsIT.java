package dev.athanor.environment.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.Sandbox;
import dev.athanor.environment.testing.Calls;
import dev.athanor.environment.testing.Functions;
import dev.athanor.environment.testing.Launchers;
import dev.athanor.environment.testing.RecordedLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Limits that the kernel enforces; on a machine that permits none of them there is nothing to see.
 */
@ParameterizedClass
@MethodSource("dev.athanor.environment.isolation.Enclosures#here")
class LimitsIT {
    @Parameter private Isolation isolation;
    private final Limits limits = ControlGroups.find(false);

    private Launchers launchers;

    @BeforeEach
    void open() throws IOException {
        assumeThat(limits.isComplete()).isTrue();
        launchers = new Launchers(isolation, limits);
    }

    @AfterEach
    void close() throws IOException {
        if (launchers != null) {
            launchers.close();
        }
    }

    @Test
    void memoryBeyondTheMachineTypeEndsTheSandboxAndSaysSo() throws InterruptedException {
        try (Sandbox sandbox = launchers.launcher().launch(launchers.spec("XS"))) {
            CallResult result =
                    sandbox.invoke(
                                    Calls.of(Functions.fillingHeapAndNativeMemory(300)),
                                    new RecordedLines())
                            .join();

            assertThat(result)
                    .isInstanceOfSatisfying(
                            CallResult.Died.class,
                            died -> assertThat(died.exit().isOutOfMemory()).isTrue());
        }
    }

    @Test
    void theCpuIsSharedOutOnceTheSandboxHasStarted() throws Exception {
        Set<Path> others = groups();
        try (Sandbox sandbox = launchers.launcher().launch(launchers.spec("XS"))) {
            sandbox.invoke(Calls.of(Functions.spinning(1_000)), new RecordedLines()).join();

            Set<Path> own = groups();
            own.removeAll(others);
            assertThat(own).isNotEmpty().anyMatch(LimitsIT::wasThrottled);
        }
    }

    @Test
    void whatAFunctionLeavesRunningEndsWithItsSandbox() throws Exception {
        // Told apart by how long it would sleep.
        String seconds = "600." + ProcessHandle.current().pid();
        try (Sandbox sandbox = launchers.launcher().launch(launchers.spec("XS"))) {
            sandbox.invoke(
                            Calls.of(Functions.leavingAChild(launchers.seenData("pid"), seconds)),
                            new RecordedLines())
                    .join();
        }

        assertThat(launchers.data().resolve("pid")).exists();
        await().until(() -> ProcessHandle.allProcesses().noneMatch(each -> has(each, seconds)));
    }

    @Test
    void nothingIsLeftOfASandbox() throws Exception {
        Set<Path> others = groups();
        Set<Path> own;
        try (Sandbox sandbox = launchers.launcher().launch(launchers.spec("XS"))) {
            own = groups();
            own.removeAll(others);
            assertThat(own).isNotEmpty();
            sandbox.invoke(Calls.of(Functions.pid()), new RecordedLines()).join();
        }

        // What still ends when its sandbox is closed is removed when the next ones are made.
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> {
                    launchers.launcher().launch(launchers.spec("XS")).close();
                    assertThat(groups()).as(processes(own)).doesNotContainAnyElementsOf(own);
                });
    }

    private static boolean has(ProcessHandle process, String argument) {
        return process.info().arguments().map(List::of).orElseGet(List::of).contains(argument);
    }

    private static String processes(Set<Path> groups) throws IOException {
        StringBuilder processes = new StringBuilder();
        for (Path group : groups) {
            Path file = group.resolve("cgroup.procs");
            if (Files.exists(file)) {
                processes.append(group).append(": ").append(Files.readAllLines(file)).append('\n');
            }
        }
        return processes.toString();
    }

    /** The groups that this process has made, or those of containers. */
    private Set<Path> groups() throws IOException {
        Path root = Path.of("/sys/fs/cgroup");
        Pattern name =
                Pattern.compile(
                        isolation == Isolation.DOCKER
                                ? "(docker-)?[0-9a-f]{64}(\\.scope)?"
                                : "athanor-" + ProcessHandle.current().pid() + "-.*");
        try (Stream<Path> paths = Files.walk(root, 8)) {
            return paths.filter(path -> name.matcher(path.getFileName().toString()).matches())
                    .collect(Collectors.toSet());
        } catch (UncheckedIOException e) {
            // A group of somebody else's went away meanwhile.
            return groups();
        }
    }

    private static boolean wasThrottled(Path group) {
        Path statistics = group.resolve("cpu.stat");
        try {
            return Files.exists(statistics)
                    && Files.readAllLines(statistics).stream()
                            .anyMatch(line -> line.matches("nr_throttled [1-9]\\d*"));
        } catch (IOException e) {
            return false;
        }
    }
}
