package dev.athanor.agent.nested;

import dev.athanor.agent.call.Delivery;
import dev.athanor.environment.machine.UnservedType;
import dev.athanor.environment.outcome.CallFailures;
import dev.athanor.environment.sandbox.NestedCalls;
import dev.athanor.environment.sandbox.NestedReplies;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.NestedCallFrame;
import dev.athanor.runtime.protocol.NestedFailedFrame;
import dev.athanor.runtime.protocol.NestedFunction;
import dev.athanor.runtime.protocol.NestedLogFrame;
import dev.athanor.runtime.protocol.NestedOutcome;
import dev.athanor.runtime.protocol.NestedReply;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Reply;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of one call's function. Everything is done on one thread of its own, which a sandbox
 * that takes no frames may hold up, or Kafka; it is there only for functions that call others.
 */
final class AgentNest implements NestedCalls {
    private static final Logger LOG = LoggerFactory.getLogger(AgentNest.class);

    private final Delivery parent;
    private final NestedSender sender;
    private final Place place;

    // Guarded by this.
    private @Nullable ExecutorService thread;
    private boolean ended;

    // Confined to the thread.
    private final Map<Long, NestedCall> underWay = new HashMap<>();
    private final Set<String> toldUnserved = new HashSet<>();
    private boolean lent;

    /**
     * @param parent the call whose function it is
     * @param place of that call
     */
    AgentNest(Delivery parent, NestedSender sender, Place place) {
        this.parent = parent;
        this.sender = sender;
        this.place = place;
    }

    /** Where a call runs, to be lent to those that it waits for. */
    interface Place {
        void lend();

        void takeBack();
    }

    @Override
    public void start(NestedCallFrame call, NestedReplies replies) {
        synchronized (this) {
            if (!ended && thread == null) {
                thread =
                        Executors.newSingleThreadExecutor(
                                Thread.ofVirtual().name("nested-calls").factory());
            }
        }
        run(() -> send(call, replies, false));
    }

    @Override
    public void cancel(long nestedId) {
        run(() -> {
            NestedCall call = underWay.get(nestedId);
            if (call != null) {
                sender.cancel(call);
                end(call, FailureKind.CANCELLED, "was cancelled");
            }
        });
    }

    /** The thread ends once it has done what it has to. */
    @Override
    public void end() {
        run(() -> {
            underWay.values().forEach(sender::cancel);
            underWay.clear();
            settlePlace();
        });
        synchronized (this) {
            ended = true;
            if (thread != null) {
                thread.shutdown();
            }
        }
    }

    /** Has something done on the nest's thread, unless the function has ended. */
    synchronized void run(Runnable task) {
        if (!ended && thread != null) {
            thread.execute(() -> guarded(task));
        }
    }

    /** A mistake of ours costs one call at most, which ends with its caller. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("correlationId={} nested call failed", parent.correlationId(), e);
        }
    }

    private synchronized boolean hasEnded() {
        return ended;
    }

    private void send(NestedCallFrame frame, NestedReplies sandbox, boolean again) {
        if (hasEnded()) {
            return;
        }
        try {
            if (NestedInvocation.depth(parent) >= sender.maxDepth()) {
                refuse(
                        frame,
                        sandbox,
                        FailureKind.INVALID_INVOCATION,
                        CallFailures.tooDeep(sender.maxDepth()));
            } else if (!sender.isOffered(frame.function().machineType())) {
                refuse(
                        frame,
                        sandbox,
                        FailureKind.UNKNOWN_MACHINE_TYPE,
                        sender.instead(frame.function().machineType()));
            } else {
                sendOrRefuse(frame, sandbox, again);
            }
        } catch (UnsentException e) {
            refuse(frame, sandbox, FailureKind.UNAVAILABLE, e.reason());
        }
    }

    private void sendOrRefuse(NestedCallFrame frame, NestedReplies sandbox, boolean again) {
        NestedFunction function = frame.function();
        Optional<UnservedType> unserved = sender.unserved(function.machineType());
        if (unserved.isPresent() && function.failsWhenUnserved()) {
            String why = unserved.get().refusal();
            refuse(frame, sandbox, FailureKind.UNSERVED_MACHINE_TYPE, why);
            return;
        }
        unserved.ifPresent(type -> tellUnserved(frame, sandbox, type));
        NestedCall call = sender.prepare(this, parent, frame, sandbox, again);
        underWay.put(frame.nestedId(), call);
        settlePlace();
        sender.send(call);
    }

    /** One line for each type: a thousand calls would say the same. */
    private void tellUnserved(NestedCallFrame frame, NestedReplies sandbox, UnservedType type) {
        if (frame.function().wantsLogs() && toldUnserved.add(type.name())) {
            String text = type.notice(frame.function().name());
            sandbox.send(sender.line(frame.nestedId(), text));
        }
    }

    private static void refuse(
            NestedCallFrame frame, NestedReplies sandbox, FailureKind kind, String message) {
        sandbox.send(
                NestedFailedFrame.of(frame.nestedId(), NestedOutcome.unknown(""), kind, message));
    }

    /** On the nest's thread. */
    void lines(NestedCall call, LogLines lines) {
        int known = call.known(lines);
        if (isUnderWay(call) && known < lines.getLines().size()) {
            NestedLogFrame frame =
                    NestedFrames.lines(call.frame().nestedId(), lines.getLines(), known);
            call.sandbox().send(frame);
        }
    }

    /** On the nest's thread. */
    void end(NestedCall call, Reply reply) {
        if (!isUnderWay(call)) {
            return;
        }
        boolean isBlobGone =
                reply.getFailure() != null && reply.getFailure().getCode() == FailureCode.BLOB_GONE;
        if (isBlobGone && !call.wasSentAgain()) {
            underWay.remove(call.frame().nestedId());
            send(call.frame(), call.sandbox(), true);
            settlePlace();
        } else {
            end(call, sender.frame(parent.tenant(), call.frame().nestedId(), reply));
        }
    }

    /** On the nest's thread. */
    void lost(NestedCall call, FailureKind kind, String why) {
        if (isUnderWay(call)) {
            end(call, kind, why);
        }
    }

    private boolean isUnderWay(NestedCall call) {
        return call.equals(underWay.get(call.frame().nestedId()));
    }

    private void end(NestedCall call, FailureKind kind, String why) {
        end(
                call,
                NestedFailedFrame.of(
                        call.frame().nestedId(),
                        NestedOutcome.unknown(call.correlationId()),
                        kind,
                        why));
    }

    /** The function goes on by what it is told, so its place is its own again before. */
    private void end(NestedCall call, NestedReply end) {
        underWay.remove(call.frame().nestedId());
        settlePlace();
        call.sandbox().send(end);
    }

    private void settlePlace() {
        boolean waits = !underWay.isEmpty();
        if (waits && !lent) {
            place.lend();
        } else if (!waits && lent) {
            place.takeBack();
        }
        lent = waits;
    }
}
