package dev.athanor.environment.pool;

import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.sandbox.SandboxKey;
import java.time.Duration;

/**
 * A live sandbox of a pool at one moment.
 *
 * @param key which functions it serves
 * @param machineType its size
 * @param idle true: it waits for a call
 * @param remaining how long it stays if no further call comes; of a busy one, what earlier calls
 *     asked for; never negative
 */
public record HotStatus(
        SandboxKey key, MachineType machineType, boolean idle, Duration remaining) {}
