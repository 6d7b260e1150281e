package dev.athanor.api.internal.cluster;

import dev.athanor.api.Schedule;
import dev.athanor.api.internal.job.DispatcherClient;
import java.util.List;

/** A schedule of a cluster, asked for at its dispatcher. Safe for any number of threads. */
final class ClusterSchedule implements Schedule {
    private final String name;
    private final DispatcherClient dispatcher;

    ClusterSchedule(String name, DispatcherClient dispatcher) {
        this.name = name;
        this.dispatcher = dispatcher;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Status status() {
        return dispatcher.schedule(name);
    }

    @Override
    public void pause() {
        dispatcher.changeSchedule(name, "pause");
    }

    @Override
    public void resume() {
        dispatcher.changeSchedule(name, "resume");
    }

    @Override
    public String runNow() {
        return dispatcher.runSchedule(name);
    }

    @Override
    public List<Firing> firings() {
        return dispatcher.firings(name);
    }

    @Override
    public void delete() {
        dispatcher.deleteSchedule(name);
    }

    @Override
    public String toString() {
        return "schedule " + name;
    }
}
