package dev.athanor.api;

import dev.athanor.api.internal.local.LocalMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The caller's own machine: functions run here, in environments and processes of their own, as they
 * would on an agent. No cluster is needed. For callers that need more than {@link Athanor#local()}:
 *
 * {@snippet :
 * try (LocalHost here = LocalHost.builder().cacheFolder(Path.of("target/athanor")).build()) {
 *     hello.on(here).call();
 * }
 * }
 *
 * <p>A sandbox has the heap and the processors of its machine type, which the operating system
 * enforces where it permits that to the caller's user. Where bubblewrap works it sees programs and
 * libraries of this machine, its own files and {@code /data}; else it runs as the caller's user and
 * sees the same files. Requirements are resolved with the user's own {@code settings.xml}, from
 * whatever repositories the function names. They stay in the cache folder, which processes may
 * share; everything else is in a folder for temporary files and ends with the process.
 *
 * <p>Makes what it needs when it is first needed. Safe for any number of threads. Its own threads
 * are daemons, and its sandboxes end with the process.
 */
public final class LocalHost implements Host {
    static final LocalHost OWN = builder().build();

    private final Settings settings;
    private final Object lock = new Object();
    private @Nullable Host machine;

    private LocalHost(Settings settings) {
        this.settings = settings;
    }

    public static Builder builder() {
        return new Builder(System.getenv(), Path.of(System.getProperty("user.home", "")));
    }

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> submit(
            Callee<R> callee, @Nullable Object... arguments) {
        return (Nesting.isInside() ? Nesting.wayOut() : machine()).submit(callee, arguments);
    }

    private Host machine() {
        synchronized (lock) {
            Host opened = machine == null ? Opener.open(settings) : machine;
            machine = opened;
            return opened;
        }
    }

    /**
     * Ends the calls under way with {@link CancelledCallException}, and the sandboxes. A later call
     * begins anew.
     */
    @Override
    public void close() {
        synchronized (lock) {
            if (machine != null) {
                machine.close();
                machine = null;
            }
        }
    }

    @Override
    public String toString() {
        return "local(" + settings.cacheFolder() + ")";
    }

    /** What goes beyond the JDK, which is loaded by calls only. */
    static final class Opener {
        private Opener() {}

        static Host open(Settings settings) {
            return LocalMachine.open(
                    settings.cacheFolder(),
                    settings.javaExecutable(),
                    settings.isolation(),
                    settings.slots(),
                    settings.grace());
        }
    }

    /** What {@link Builder} says. */
    record Settings(
            Path cacheFolder, Path javaExecutable, String isolation, int slots, Duration grace) {}

    /** Settings of a local host; each has a default. Not for use by several threads. */
    public static final class Builder {
        private static final int MOST_SLOTS = 1_000;
        private static final Setting<Path> CACHE_FOLDER =
                Setting.of("cacheFolder", Path.of("athanor"), Legal.anything());
        private static final Setting<Path> JAVA_EXECUTABLE =
                Setting.of("javaExecutable", Path.of("java"), Legal.anything());
        private static final Setting<String> ISOLATION =
                Setting.of(
                        "isolation",
                        "auto",
                        new Legal<>(
                                "auto, bubblewrap or process",
                                List.of("auto", "bubblewrap", "process")::contains));
        private static final Setting<Integer> SLOTS =
                Setting.of("slots", 2, Legal.integers(1, MOST_SLOTS));
        private static final Setting<Duration> GRACE =
                Setting.of(
                        "grace",
                        Duration.ofSeconds(5),
                        Legal.durations(Duration.ZERO, Duration.ofHours(1)));

        private Path cacheFolder;
        private Path javaExecutable = Path.of(System.getProperty("java.home", ""), "bin", "java");
        private String isolation;
        private int slots = Math.max(SLOTS.fallback(), Runtime.getRuntime().availableProcessors());
        private Duration grace = GRACE.fallback();

        private Builder(Map<String, String> environment, Path home) {
            cacheFolder = CacheFolder.find(environment, home);
            isolation = environment.getOrDefault("ATHANOR_ISOLATION", ISOLATION.fallback());
        }

        /**
         * Where environments are kept; default the environment variable {@code ATHANOR_CACHE}, else
         * {@code athanor} in {@code XDG_CACHE_HOME}, else {@code ~/.cache/athanor}. Made when
         * missing.
         */
        public Builder cacheFolder(Path folder) {
            CACHE_FOLDER.to(folder);
            this.cacheFolder = folder;
            return this;
        }

        /**
         * The {@code java} that functions run on, of release 17 or newer; default this process's.
         */
        public Builder javaExecutable(Path java) {
            JAVA_EXECUTABLE.to(java);
            this.javaExecutable = java;
            return this;
        }

        /**
         * How functions are kept from this machine: {@code bubblewrap}, {@code process}, or {@code
         * auto} for the best of them that works; default the environment variable {@code
         * ATHANOR_ISOLATION}, else {@code auto}. Where one that is named does not work, calls fail
         * with {@link UnavailableException}.
         */
        public Builder isolation(String kind) {
            ISOLATION.to(kind);
            this.isolation = kind;
            return this;
        }

        /**
         * How many calls run at a time, 1 to 1,000; default the number of processors, 2 at least.
         * Further ones wait for their turn.
         */
        public Builder slots(int calls) {
            SLOTS.to(calls);
            this.slots = calls;
            return this;
        }

        /**
         * How long a function that is interrupted has before its sandbox is killed; default 5 s, at
         * most 1 hour.
         */
        public Builder grace(Duration limit) {
            GRACE.to(limit);
            this.grace = limit;
            return this;
        }

        /** Makes the host, which does nothing yet. */
        public LocalHost build() {
            return new LocalHost(
                    new Settings(cacheFolder, javaExecutable, isolation, slots, grace));
        }
    }
}
