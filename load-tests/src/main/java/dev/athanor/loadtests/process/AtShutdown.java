package dev.athanor.loadtests.process;

/** Closes something when the process is asked to end. */
final class AtShutdown {
    private AtShutdown() {}

    static void close(AutoCloseable resource) {
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform().name("shutdown").unstarted(() -> closeNow(resource)));
    }

    private static void closeNow(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            System.err.println(e + " " + e.getCause());
        }
    }
}
