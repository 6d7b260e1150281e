package dev.athanor.environment.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventActor;
import dev.athanor.environment.sandbox.ExitStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows what becomes of containers, by one connection for all of them, and notices when the
 * engine goes away and comes back. Safe for use by any thread.
 *
 * <p>INVARIANT: a container is known here before it is started, and while nobody listens its end is
 * looked for as soon as somebody does again: so no end is missed.
 */
final class EngineWatch implements AutoCloseable {
    private static final long AGAIN_MILLIS = 250;
    private static final long FAREWELL_MILLIS = 500;

    // Exit statuses after signals 15 and 9.
    private static final int TERMINATED = 143;
    private static final int KILLED = 137;

    private static final String END = "die";
    private static final String OUT_OF_MEMORY = "oom";
    private static final String EXIT_CODE = "exitCode";

    private final Engine engine;
    private final String label;
    private final Map<String, Container> containers = new ConcurrentHashMap<>();

    /** What could not be removed while the engine was away. */
    private final Queue<String> leftovers = new ConcurrentLinkedQueue<>();

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> {
                Thread watching = new Thread(task, "athanor-engine-watch");
                watching.setDaemon(true);
                return watching;
            });

    /** Notified when the engine answers again. */
    private final Object monitor = new Object();

    private volatile @Nullable Following following;

    /**
     * @param engine to follow
     * @param label that all containers have
     */
    EngineWatch(Engine engine, String label) {
        this.engine = engine;
        this.label = label;
    }

    /** Begins to listen. */
    void start() {
        listen();
    }

    private void listen() {
        Following next = new Following();
        engine.listen(label, next);
        synchronized (monitor) {
            following = next;
            monitor.notifyAll();
        }
        // It may have ended before anybody could know it as the one that counts.
        if (next.isOver()) {
            again();
        }
    }

    /** Tells whether the engine answered when that was last known. */
    boolean isConnected() {
        Following now = following;
        return now != null && !now.isOver();
    }

    /**
     * Waits until the engine answers.
     *
     * @return false if it does not within that time
     */
    boolean awaitConnection(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (monitor) {
            long left = end - System.nanoTime();
            while (!isConnected() && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(monitor, left);
                left = end - System.nanoTime();
            }
        }
        return isConnected();
    }

    /** Begins to follow a container. */
    void follow(Container container) {
        containers.put(container.id(), container);
    }

    /** Asks whether a container that has ended ran out of memory: the event may be on its way. */
    boolean hasRunOutOfMemory(Container container) {
        try {
            return engine.state(container.id())
                    .map(state -> Objects.requireNonNullElse(state.getOOMKilled(), false))
                    .orElse(false);
        } catch (EngineAwayException | DockerException e) {
            return false;
        }
    }

    /** Removes a container, now or once the engine is back. */
    void remove(Container container) {
        containers.remove(container.id());
        remove(container.id());
    }

    private void remove(String id) {
        try {
            engine.remove(id);
        } catch (EngineAwayException | DockerException e) {
            leftovers.add(id);
        }
    }

    private void again() {
        schedule(this::reconnect, AGAIN_MILLIS);
    }

    private void reconnect() {
        if (isConnected()) {
            return;
        }
        try {
            engine.version();
            listen();
            containers.values().forEach(this::look);
            for (int left = leftovers.size(); left > 0; left--) {
                String id = leftovers.poll();
                if (id != null) {
                    remove(id);
                }
            }
        } catch (EngineAwayException | DockerException e) {
            again();
        }
    }

    /** Finds out what became of it while nobody listened. */
    private void look(Container container) {
        Optional<ContainerState> state = engine.state(container.id());
        if (state.isEmpty()) {
            container.lost();
            return;
        }
        if (Objects.requireNonNullElse(state.get().getOOMKilled(), false)) {
            container.ranOutOfMemory();
        }
        String status = String.valueOf(state.get().getStatus());
        if (status.equals("exited") || status.equals("dead")) {
            // It ended with the engine, or while that was away: its status tells no more.
            container.lost();
        }
    }

    private void happened(Event event) {
        EventActor actor = event.getActor();
        if (actor == null) {
            return;
        }
        Container container = containers.get(String.valueOf(actor.getId()));
        if (container == null) {
            return;
        }
        if (Objects.equals(event.getAction(), OUT_OF_MEMORY)) {
            container.ranOutOfMemory();
        } else if (Objects.equals(event.getAction(), END)) {
            ended(container, exitCode(actor));
        }
    }

    /**
     * An engine that is told to end tells its containers to end, and only then goes away: what
     * nobody here has killed may have ended with it.
     */
    private void ended(Container container, int code) {
        boolean explained = container.isKilled() || container.hasRunOutOfMemory();
        if (explained || (code != TERMINATED && code != KILLED)) {
            container.ended(code);
            return;
        }
        schedule(
                () -> {
                    if (isConnected()) {
                        container.ended(code);
                    } else {
                        container.lost();
                    }
                },
                FAREWELL_MILLIS);
    }

    private void schedule(Runnable task, long millis) {
        try {
            var unused = thread.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // This is closed.
            return;
        }
    }

    private static int exitCode(EventActor actor) {
        Map<String, String> attributes = actor.getAttributes();
        try {
            return Integer.parseInt(attributes == null ? "" : attributes.get(EXIT_CODE));
        } catch (NumberFormatException e) {
            return ExitStatus.LOST;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        Following last = following;
        following = null;
        if (last != null) {
            last.close();
        }
    }

    /** One connection; the next one is made when it ends. */
    private final class Following extends ResultCallback.Adapter<Event> {
        private volatile boolean over;

        boolean isOver() {
            return over;
        }

        @Override
        public void onNext(Event event) {
            happened(event);
        }

        @Override
        public void onError(Throwable failure) {
            ended();
        }

        @Override
        public void onComplete() {
            ended();
        }

        private void ended() {
            boolean first = !over;
            over = true;
            if (first && following == this) {
                again();
            }
        }

        @Override
        public void close() {
            over = true;
            try {
                super.close();
            } catch (IOException e) {
                // The engine has closed it, which is as good.
                return;
            }
        }
    }
}
