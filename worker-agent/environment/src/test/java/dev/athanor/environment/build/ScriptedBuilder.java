package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Builds one small file per requirement, when it is let, and fails when it is told to. */
final class ScriptedBuilder implements EnvironmentBuilder {
    final AtomicInteger builds = new AtomicInteger();
    final AtomicInteger interrupted = new AtomicInteger();
    final AtomicInteger atOnce = new AtomicInteger();
    volatile int mostAtOnce;
    volatile String content = "content";
    volatile String failure = "";
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    /** Makes builds with this requirement wait until the latch is counted down. */
    CountDownLatch hold(String requirement) {
        CountDownLatch gate = new CountDownLatch(1);
        gates.put(requirement, gate);
        return gate;
    }

    @Override
    public List<Path> build(EnvironmentDefinition definition, Path folder, BuildLog log)
            throws InterruptedException {
        builds.incrementAndGet();
        mostAtOnce = Math.max(mostAtOnce, atOnce.incrementAndGet());
        try {
            log.line("Building " + definition.requirements());
            Files.writeString(folder.resolve("half-built"), "half", UTF_8);
            for (String requirement : definition.requirements()) {
                CountDownLatch gate = gates.get(requirement);
                if (gate != null) {
                    gate.await();
                }
            }
            if (!failure.isEmpty()) {
                throw new BuildFailedException(failure);
            }
            log.line("Writing files");
            return definition.requirements().stream().map(name -> write(folder, name)).toList();
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            atOnce.decrementAndGet();
        }
    }

    private Path write(Path folder, String name) {
        try {
            return Files.writeString(folder.resolve(name + ".jar"), content, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
