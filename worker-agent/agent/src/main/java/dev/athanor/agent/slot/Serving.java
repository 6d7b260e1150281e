package dev.athanor.agent.slot;

import dev.athanor.agent.call.ActiveCall;
import dev.athanor.agent.call.CallEnd;
import dev.athanor.agent.call.CallSession;
import dev.athanor.agent.call.CallStart;
import dev.athanor.agent.life.Life;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Reply;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one turn, seen through in their order: the first one runs, and those that follow it
 * may wait behind it in its sandbox. When the running one goes on for too long, the others go back
 * to the queue, and it goes over to a lease. Confined to its slot's thread.
 */
final class Serving {
    /** A sandbox answers a withdrawal whatever its function does, unless it is frozen. */
    private static final Duration WITHDRAW_PATIENCE = Duration.ofSeconds(5);

    /**
     * @param isQueued whether it waited in a sandbox behind others, and began there by itself
     */
    private record Started(TakenRecord call, ActiveCall active, CallStart start, boolean isQueued) {
        boolean hasEnded() throws InterruptedException {
            return active.await(Duration.ZERO);
        }
    }

    private final Taken taken;
    private final CallSession session;
    private final Records records;
    private final Escalations escalations;
    private final Duration handOverAfter;
    private final FetchSize fetchSize;
    private final Life.Span life;
    private final AgentMetrics metrics;
    private final InstantSource clock;
    private final Deque<TakenRecord> waiting;
    private final Deque<Started> started = new ArrayDeque<>();
    private boolean hasServed;
    private @Nullable TakenRecord leased;

    /**
     * @param calls in the order in which they are to run
     * @param handOverAfter how long a call may run before it goes over to a lease
     * @param life of the agent, while which lasts calls may have an outcome
     */
    Serving(
            Taken taken,
            List<TakenRecord> calls,
            CallSession session,
            Records records,
            Escalations escalations,
            Duration handOverAfter,
            FetchSize fetchSize,
            Life.Span life,
            AgentMetrics metrics,
            InstantSource clock) {
        this.taken = taken;
        this.waiting = new ArrayDeque<>(calls);
        this.session = session;
        this.records = records;
        this.escalations = escalations;
        this.handOverAfter = handOverAfter;
        this.fetchSize = fetchSize;
        this.life = life;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Returns when every call has ended or is back in its queue, as far as its record is noted.
     *
     * @throws InterruptedException when the agent closes: everything is back in its queue; or when
     *     its life is over: what it took is to be released, and what it has leases for is run
     *     elsewhere by those who took it for dead
     */
    void run() throws InterruptedException {
        try {
            while (hasRunning()) {
                queueFurther();
                long begin = System.nanoTime();
                Started first = started.element();
                if (!first.active().await(positive(untilHandOver(first.call())))) {
                    goOn(first);
                }
                end(first);
                fetchSize.observe(Duration.ofNanos(System.nanoTime() - begin));
                hasServed = true;
            }
        } catch (InterruptedException e) {
            Set<TakenRecord> mayHaveStarted = abandon();
            if (!life.isOver()) {
                handBack(mayHaveStarted);
            }
            throw e;
        } catch (RuntimeException e) {
            // Its record is accepted, so nothing else would bring it back while this agent lives.
            abandon();
            if (leased != null && !life.isOver()) {
                note(leased, records.nextAttempt(leased.delivery(), records.agent()));
            }
            throw e;
        }
    }

    /** Starts the next call where none is under way; false when there is nothing more to do. */
    private boolean hasRunning() throws InterruptedException {
        if (!started.isEmpty()) {
            return true;
        }
        TakenRecord next = waiting.peek();
        if (next == null) {
            return false;
        }
        if (hasServed && untilHandOver(next).isNegative()) {
            putBackWaiting();
            return false;
        }
        CallStart start = new CallStart();
        if (next.isSuspect()) {
            // It may end the agent: nothing else is to be at stake, and its start is to be known.
            taken.acceptDurable();
            taken.commit();
            lease(next, start);
        }
        started.add(
                new Started(waiting.remove(), session.start(next.delivery(), start), start, false));
        return true;
    }

    private void queueFurther() {
        boolean mayFollow = !started.element().call().isSuspect();
        while (mayFollow && !waiting.isEmpty() && !waiting.element().isSuspect()) {
            Optional<ActiveCall> queued = session.queue(waiting.element().delivery());
            mayFollow = queued.isPresent();
            queued.ifPresent(active ->
                    started.add(new Started(waiting.remove(), active, CallStart.begun(), true)));
        }
        session.flush();
    }

    /** Waits for the end of the running call and says it to its caller. */
    private void end(Started first) throws InterruptedException {
        CallEnd end = first.active().join();
        started.remove();
        switch (end) {
            case CallEnd.Replied replied -> reply(first.call(), replied.reply());
            case CallEnd.NotStarted _ -> startAgain(first.call());
            case CallEnd.Lost _ -> tryAgain(first.call());
            case CallEnd.HotElsewhere there -> forward(first.call(), there.lane());
        }
    }

    private void forward(TakenRecord call, Lane lane) throws InterruptedException {
        note(call, records.forward(call.delivery(), lane));
    }

    private void reply(TakenRecord call, Reply reply) throws InterruptedException {
        if (life.isOver()) {
            throw new InterruptedException("the agent's life is over");
        }
        Optional<String> larger = escalations.of(call.delivery(), reply);
        if (larger.isPresent()) {
            note(call, records.escalate(call.delivery(), larger.get(), reply));
            return;
        }
        Optional<CompletableFuture<?>> retried = records.retry(call.delivery(), reply);
        if (retried.isPresent()) {
            note(call, retried.get());
            return;
        }
        metrics.ended(call.delivery().machineType(), reply);
        note(call, records.reply(call.delivery(), reply));
    }

    private void tryAgain(TakenRecord call) throws InterruptedException {
        if (life.isOver()) {
            throw new InterruptedException("the agent's life is over");
        }
        note(call, records.nextAttempt(call.delivery(), records.agent()));
    }

    /** The sandbox ended before its turn. */
    private void startAgain(TakenRecord call) throws InterruptedException {
        if (leased != null) {
            note(call, records.giveBack(call.delivery(), "not-started"));
        } else {
            waiting.addFirst(call);
        }
    }

    /**
     * Notes what replaces the record of the running call, or ends its lease once that is durable.
     */
    private void note(TakenRecord call, CompletableFuture<?> replacement)
            throws InterruptedException {
        if (leased == null) {
            taken.done(call.record(), replacement);
        } else if (taken.isDurable(replacement)) {
            taken.isDurable(records.endLease(call.delivery(), life.epoch()));
        }
        leased = null;
    }

    /** The running call has gone on for too long: nothing else may wait for it. */
    private void goOn(Started first) throws InterruptedException {
        withdrawFurther(first);
        putBackWaiting();
        if (leased == null && !first.hasEnded()) {
            if (first.isQueued()) {
                records.running(first.call().delivery());
            }
            lease(first.call(), first.start());
        }
    }

    /** What has not started goes back; at most one call has started meanwhile, and stays. */
    private void withdrawFurther(Started first) throws InterruptedException {
        if (started.size() == 1) {
            return;
        }
        session.withdraw();
        Started last = started.getLast();
        if (!last.active().await(WITHDRAW_PATIENCE) && !first.hasEnded()) {
            session.kill();
            last.active().await(WITHDRAW_PATIENCE);
        }
        for (Iterator<Started> all = started.iterator(); all.hasNext(); ) {
            Started each = all.next();
            if (!each.equals(first) && each.hasEnded()) {
                all.remove();
                settle(each);
            }
        }
    }

    private void settle(Started withdrawn) throws InterruptedException {
        TakenRecord call = withdrawn.call();
        switch (withdrawn.active().join()) {
            case CallEnd.Replied replied -> reply(call, replied.reply());
            case CallEnd.NotStarted _ -> putBack(call);
            case CallEnd.Lost _ -> tryAgain(call);
            case CallEnd.HotElsewhere there -> forward(call, there.lane());
        }
    }

    /**
     * Goes over to a lease, where it can be written: one that is as large as a record may be stays
     * with its record.
     */
    private void lease(TakenRecord call, CallStart start) throws InterruptedException {
        boolean written =
                start.note(hasStarted ->
                        taken.isDurable(records.lease(call.delivery(), life.epoch(), hasStarted)));
        if (!written) {
            return;
        }
        leased = call;
        taken.done(call.record(), CompletableFuture.completedFuture(null));
        taken.acceptDurable();
        taken.commit();
        metrics.handedOver(call.delivery().machineType());
    }

    /** Stops what is under way; returns the calls whose functions may have been called. */
    private Set<TakenRecord> abandon() {
        // The last first: killing the running call's sandbox must not let the next one start.
        return started.reversed().stream()
                .filter(each -> each.active().abandon())
                .map(Started::call)
                .collect(Collectors.toSet());
    }

    /** What has started counts as an attempt, and nothing else does. */
    private void handBack(Set<TakenRecord> mayHaveStarted) throws InterruptedException {
        for (Started each : started) {
            TakenRecord call = each.call();
            note(
                    call,
                    mayHaveStarted.contains(call)
                            ? records.nextAttempt(call.delivery(), records.agent())
                            : records.giveBack(call.delivery(), "closing"));
        }
        started.clear();
        putBackWaiting();
        taken.acceptDurable();
        taken.commit();
    }

    private void putBackWaiting() {
        waiting.forEach(this::putBack);
        waiting.clear();
    }

    private void putBack(TakenRecord call) {
        taken.done(call.record(), records.putBack(call.delivery(), "long-call"));
    }

    private Duration untilHandOver(TakenRecord call) {
        return handOverAfter.minus(Duration.between(call.delivery().takenAt(), clock.instant()));
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
