package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.agents.SeenAgent;
import java.time.Duration;
import java.util.Optional;

/** What is to become of a lease. */
enum Verdict {
    /** Its agent runs it, or there is no saying yet. */
    STANDS,
    /** Its agent has not beaten for too long. */
    SILENT,
    /** Its agent has begun another life since, and runs nothing of the earlier one. */
    EARLIER_LIFE,
    /** Its agent took leave, and left it. */
    GONE,
    /** Nobody has it: its record was redelivered, so the agent that had that was lost. */
    REDELIVERED;

    /**
     * Judges a lease by what is known of its agent. An agent's first heartbeat of a life is durable
     * before its first lease is written; so once the view includes every heartbeat up to when the
     * lease was read, an agent that is absent, or lives another life, has left the lease's.
     *
     * @param patience for how long an agent may be silent
     */
    static Verdict of(HeldLease held, AgentView view, Duration patience) {
        if (held.isNobodys()) {
            return REDELIVERED;
        }
        if (!view.includes(held.readAtNanos())) {
            return STANDS;
        }
        Optional<SeenAgent> agent = view.find(held.lease().getAgent());
        if (agent.isEmpty()) {
            return GONE;
        }
        if (agent.get().status().getEpoch() != held.lease().getEpoch()) {
            return EARLIER_LIFE;
        }
        return view.silence(agent.get()).compareTo(patience) >= 0 ? SILENT : STANDS;
    }
}
