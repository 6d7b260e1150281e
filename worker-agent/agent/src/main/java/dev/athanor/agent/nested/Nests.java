package dev.athanor.agent.nested;

import dev.athanor.agent.call.BundleStore;
import dev.athanor.agent.call.CallLimits;
import dev.athanor.agent.call.Delivery;
import dev.athanor.agent.call.KnownFunction;
import dev.athanor.agent.call.Nest;
import dev.athanor.agent.call.Payloads;
import dev.athanor.agent.kafka.Publisher;
import dev.athanor.agent.slot.Rooms;
import dev.athanor.environment.pool.HotPool;
import dev.athanor.environment.sandbox.NestedCalls;
import dev.athanor.schemas.agents.AgentView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Has the calls made that functions on this agent make of others: they stand in the queues like any
 * other, and run wherever there is room. While they are under way the slot and the sandbox's place
 * of the one that waits for them are lent to another call.
 */
public final class Nests implements Nest, AutoCloseable {
    private final NestedSender sender;
    private final Rooms rooms;
    private final HotPool pool;

    /**
     * @param admin stays its giver's to close
     * @param timeout longest wait for an answer of the cluster
     * @param consumers makes a consumer without a group for a tenant's replies
     * @param agents the agents as they are known now
     * @param patience for how long one of them may be silent
     */
    public Nests(
            CallLimits defaults,
            Publisher publisher,
            Payloads payloads,
            BundleStore bundles,
            Admin admin,
            Duration timeout,
            Function<String, Consumer<byte[], byte[]>> consumers,
            Supplier<AgentView> agents,
            Duration patience,
            Rooms rooms,
            HotPool pool,
            InstantSource clock) {
        this.sender =
                new NestedSender(
                        defaults,
                        publisher,
                        payloads,
                        bundles,
                        new Queues(admin, timeout, agents, patience),
                        consumers,
                        clock);
        this.rooms = rooms;
        this.pool = pool;
    }

    @Override
    public NestedCalls of(Delivery delivery, KnownFunction.Runs function) {
        return new AgentNest(delivery, sender, new Lending(delivery.machineType()));
    }

    private final class Lending implements AgentNest.Place {
        private final String machineType;

        Lending(String machineType) {
            this.machineType = machineType;
        }

        @Override
        public void lend() {
            pool.lendPlace();
            rooms.lend(machineType);
        }

        @Override
        public void takeBack() {
            rooms.takeBack(machineType);
            pool.takePlaceBack();
        }
    }

    @Override
    public void close() {
        sender.close();
    }
}
