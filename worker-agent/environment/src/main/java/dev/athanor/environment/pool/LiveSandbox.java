package dev.athanor.environment.pool;

import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.sandbox.Sandbox;
import dev.athanor.environment.sandbox.SandboxKey;

/** A sandbox of a pool: lent or idle, and until when it stays. Not thread-safe. */
final class LiveSandbox {

    private final SandboxKey key;
    private final MachineType machineType;
    private final Sandbox sandbox;
    private boolean idle;

    /** By the pool's ticker; compared by subtraction, since a ticker may start anywhere. */
    private long deadline;

    /** Creates one that is lent. */
    LiveSandbox(SandboxKey key, MachineType machineType, Sandbox sandbox, long now) {
        this.key = key;
        this.machineType = machineType;
        this.sandbox = sandbox;
        deadline = now;
    }

    SandboxKey key() {
        return key;
    }

    MachineType machineType() {
        return machineType;
    }

    Sandbox sandbox() {
        return sandbox;
    }

    void lend() {
        idle = false;
    }

    void giveBack(long now, long keepAliveNanos) {
        idle = true;
        if (now + keepAliveNanos - deadline > 0) {
            deadline = now + keepAliveNanos;
        }
    }

    boolean isIdle() {
        return idle;
    }

    boolean isHot(long now) {
        return idle && deadline - now > 0 && sandbox.isUsable();
    }

    long remainingNanos(long now) {
        return Math.max(0, deadline - now);
    }
}
