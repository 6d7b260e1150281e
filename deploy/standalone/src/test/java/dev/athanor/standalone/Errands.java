package dev.athanor.standalone;

import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.name;
import static dev.athanor.api.Athanor.whenUnserved;

import dev.athanor.api.CallContext;
import dev.athanor.api.UnservedException;
import dev.athanor.api.WhenUnserved;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** Functions that note their runs in a file, and some that end the agent which runs them. */
final class Errands {
    private Errands() {}

    static int attempt(int ignored) {
        return CallContext.current().orElseThrow().attempt();
    }

    static int twice(int number) {
        return 2 * number;
    }

    static int slowlyTwice(int number) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(30);
        return 2 * number;
    }

    /** Notes its attempt and process, then waits for a file. */
    static String runUntil(String runs, String goOn) throws InterruptedException {
        note(runs);
        while (!Files.exists(Path.of(goOn))) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return "ran";
    }

    /** Kills the agent in every attempt. */
    static String killAgent(String runs) throws InterruptedException {
        note(runs);
        return kill();
    }

    /** Kills the agent in its first attempt; returns the attempt in which it did not. */
    static int killAgentOnFirstAttempt(String runs) throws InterruptedException {
        note(runs);
        int attempt = attempt(0);
        if (attempt == 1) {
            kill();
        }
        return attempt;
    }

    /** Kills the agent when it runs for the first time, whatever attempt that is. */
    static int killAgentOnFirstRun(String runs) throws InterruptedException {
        boolean isFirst = !Files.exists(Path.of(runs));
        note(runs);
        if (isFirst) {
            kill();
        }
        return attempt(0);
    }

    private static String kill() throws InterruptedException {
        ProcessHandle.current().parent().orElseThrow().destroyForcibly();
        TimeUnit.MINUTES.sleep(1);
        return "unreachable";
    }

    private static void note(String runs) {
        try {
            Files.writeString(
                    Path.of(runs),
                    "%d %d%n".formatted(attempt(0), ProcessHandle.current().pid()),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls another function on a machine type; tells its result, or why there is none. */
    static String nestedOn(String machineType, boolean fails) {
        try {
            return isolated(
                                    Errands::twice,
                                    name("nested"),
                                    machineType(machineType),
                                    whenUnserved(fails ? WhenUnserved.FAIL : WhenUnserved.WAIT))
                            .call(2)
                    + "";
        } catch (UnservedException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    static Long sizeOfData(String file) throws IOException {
        return Files.size(Path.of(System.getenv("ATHANOR_DATA"), file));
    }
}
