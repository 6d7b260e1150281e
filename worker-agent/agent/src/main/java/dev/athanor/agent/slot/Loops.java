package dev.athanor.agent.slot;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Loops and their threads. Safe for any number of threads. */
final class Loops {
    private record Running(SlotLoop loop, Thread thread) {}

    private final List<Running> all = new CopyOnWriteArrayList<>();

    void add(String name, SlotLoop loop) {
        all.add(new Running(loop, Thread.ofPlatform().name(name).unstarted(loop)));
    }

    void start() {
        all.forEach(each -> each.thread().start());
    }

    /** Adds one and starts it. */
    void start(String name, SlotLoop loop) {
        Running further = new Running(loop, Thread.ofPlatform().name(name).unstarted(loop));
        further.thread().start();
        all.add(further);
    }

    int count(String machineType) {
        return (int)
                all.stream().filter(each -> each.loop().machineType().equals(machineType)).count();
    }

    boolean areAlive() {
        return all.stream().allMatch(each -> each.thread().isAlive());
    }

    /** They take nothing more; what was taken is served first. */
    void stop() {
        all.forEach(each -> each.loop().stop());
    }

    /** Ends what the threads serve: they put it back. One that is stopped ends then. */
    void interruptServing() {
        all.forEach(each -> each.loop().interruptServing());
    }

    /** Gives up what is served under a life of the agent that is over. */
    void giveUp() {
        all.forEach(each -> each.loop().giveUp());
    }

    /** Whether one of the machine type may hold records whose calls have not started. */
    boolean takeMany(String machineType) {
        return all.stream()
                .map(Running::loop)
                .anyMatch(loop -> loop.machineType().equals(machineType) && loop.takesMany());
    }

    /** Waits for the threads to end, that long in all. */
    void join(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (Running each : all) {
            long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
            each.thread().join(left);
        }
    }
}
