package dev.athanor.loadtests.guarantee;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;

import dev.athanor.api.Athanor;
import dev.athanor.api.AthanorClient;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.loadtests.process.AgentProcess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One run: a cluster of processes, calls, and a step of the schedule while each part of them is
 * under way. For one thread.
 */
final class GuaranteeRun {
    private static final int SLOTS = 2;
    private static final int ATTEMPTS = 3;
    private static final Duration HOLDING = Duration.ofSeconds(2);
    private static final Duration START_TOLERANCE = Duration.ofSeconds(1);

    private final RunSettings settings;
    private final Path folder;
    private final PrintStream out;
    private final InstantSource clock;
    private final Instant begin;
    private final List<Fault> faults = new ArrayList<>();

    /**
     * @param folder where everything is kept, logs of a failure as well
     * @param out takes a line for each step
     */
    GuaranteeRun(RunSettings settings, Path folder, PrintStream out, InstantSource clock) {
        this.settings = settings;
        this.folder = folder;
        this.out = out;
        this.clock = clock;
        this.begin = clock.instant();
    }

    /** Runs it all and says what was found. */
    Findings run() throws IOException, InterruptedException {
        Random random = new Random(settings.seed());
        List<Step> steps = settings.schedule().steps(settings.rounds(), settings.pause(), random);
        List<PlannedCall> calls = settings.mix().calls(settings.calls(), random);
        say(
                "starting %d brokers and %d agents"
                        .formatted(settings.schedule().brokers(), settings.agents()));
        try (Brokers brokers = new Brokers(folder, settings.schedule().brokers(), faults, clock)) {
            brokers.start();
            try (Dispatcher _ = dispatcher(brokers.bootstrapServers());
                    Fleet fleet =
                            new Fleet(folder, agents(brokers.bootstrapServers()), faults, clock);
                    AthanorClient client =
                            AthanorClient.builder()
                                    .bootstrapServers(brokers.bootstrapServers())
                                    .build()) {
                fleet.start(settings.agents());
                Path notes = folder.resolve("executions");
                Caller caller = caller(client, notes);
                play(steps, calls, brokers, fleet, caller);
                say("waiting for the last calls");
                if (!caller.awaitAll(settings.endPatience())) {
                    say("gave up waiting");
                }
                ExecutionLog executions = ExecutionLog.read(notes, fleet.ids());
                Map<String, String> marks = new HashMap<>(executions.marks());
                marks.putAll(caller.marks());
                Trails trails =
                        Trails.read(
                                brokers.bootstrapServers(),
                                DispatcherConfig.DEFAULT_TENANT,
                                Athanor.XS,
                                marks);
                return new Checker(
                                faults,
                                HOLDING,
                                START_TOLERANCE.plus(trails.longestPreparation()),
                                ATTEMPTS)
                        .check(
                                calls.stream()
                                        .map(call -> caller.history(call, executions, trails))
                                        .toList());
            }
        }
    }

    private Dispatcher dispatcher(String servers) throws InterruptedException {
        return Dispatcher.start(
                DispatcherConfig.of("guarantee", servers).withPatience(settings.patience()),
                new SimpleMeterRegistry(),
                clock);
    }

    private AgentProcess.Settings agents(String servers) {
        return new AgentProcess.Settings(
                servers, Athanor.XS, SLOTS, settings.patience(), settings.drain());
    }

    private Caller caller(AthanorClient client, Path notes) {
        return new Caller(
                isolated(Work::run, host(cloud(client)), keepAlive(Duration.ofMinutes(1))),
                notes,
                settings.inFlight(),
                clock);
    }

    /** Each step falls into calls of its own, and the last calls into none. */
    private void play(
            List<Step> steps, List<PlannedCall> calls, Brokers brokers, Fleet fleet, Caller caller)
            throws IOException, InterruptedException {
        int parts = steps.size() + 1;
        try (ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int part = 0; part < parts; part++) {
                List<PlannedCall> some =
                        calls.subList(
                                part * calls.size() / parts, (part + 1) * calls.size() / parts);
                Future<?> sent =
                        sender.submit(() -> {
                            caller.send(some);
                            return null;
                        });
                if (part < steps.size()) {
                    take(steps.get(part), brokers, fleet);
                }
                await(sent);
            }
        }
    }

    private static void await(Future<?> sent) throws InterruptedException {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("calls could not be sent", e.getCause());
        }
    }

    private void take(Step step, Brokers brokers, Fleet fleet)
            throws IOException, InterruptedException {
        boolean _ = new CountDownLatch(1).await(step.after().toMillis(), TimeUnit.MILLISECONDS);
        int victim = step.victim();
        switch (step.kind()) {
            case KILL -> {
                say("kill -9 of %s".formatted(fleet.name(victim)));
                fleet.kill(victim);
            }
            case FREEZE -> {
                say("SIGSTOP of %s for %s".formatted(fleet.name(victim), settings.freeze()));
                fleet.freeze(victim, settings.freeze());
            }
            case ROLL -> {
                say("rolling restart");
                fleet.roll();
            }
            case ADD -> {
                say("one more agent");
                fleet.add();
            }
            case REMOVE -> {
                say("one agent less");
                fleet.remove(victim);
            }
            case RESTART_BROKER -> {
                say("restart of a broker");
                brokers.restart(victim);
            }
            case CRASH_BROKER -> {
                say("kill -9 of a broker, which comes again");
                brokers.crash(victim);
            }
            case LOSE_BROKER -> {
                say("kill -9 of a broker, which stays away");
                brokers.lose(victim);
            }
        }
    }

    private void say(String line) {
        double seconds = Duration.between(begin, clock.instant()).toMillis() / 1e3;
        out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, line);
    }
}
