package dev.athanor.standalone.command;

import java.util.concurrent.CountDownLatch;

/** Keeps a process running until Ctrl-C or SIGTERM, and closes what it ran before it ends. */
final class UntilStopped {
    private UntilStopped() {}

    /** Never returns normally: the shutdown that wakes it ends the process. */
    static void run(AutoCloseable resource) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform().name("shutdown").unstarted(() -> close(resource)));
        never.await();
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            System.err.println("athanor: " + e + " " + e.getCause());
        }
    }
}
