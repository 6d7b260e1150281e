package dev.athanor.environment.limits;

import dev.athanor.environment.machine.MachineType;
import java.io.IOException;

/** Makes cells for sandboxes, which these cannot exceed. Safe for use by any thread. */
public interface Limits {

    /**
     * Makes a cell for one sandbox.
     *
     * @param machineType its size
     * @return the cell, to be removed by the caller
     * @throws IOException if the operating system refuses; nothing is left behind
     */
    Cell cell(MachineType machineType) throws IOException;

    /**
     * Tells whether CPU, memory and processes are all limited.
     *
     * @return false if something is only declared
     */
    boolean isComplete();

    /**
     * Says what is enforced and, where something is not, why, to complete "limits: …".
     *
     * @return one line for the operator
     */
    String description();
}
