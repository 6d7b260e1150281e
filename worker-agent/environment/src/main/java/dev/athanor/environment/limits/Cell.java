package dev.athanor.environment.limits;

import java.io.IOException;
import java.util.List;

/** Where one sandbox runs, with all processes that it starts. */
public interface Cell {

    /**
     * Has a command run in here from its first instruction on.
     *
     * @param command what is to run
     * @return what to start in its place, with the same process id
     */
    List<String> command(List<String> command);

    /**
     * Limits the CPU, which is not limited until then: starting a runtime takes a multiple of what
     * a small machine type has, and is not the function's work.
     *
     * @throws IOException if the operating system refuses
     */
    void limitCpu() throws IOException;

    /**
     * Tells whether the operating system killed a process in here for exceeding the memory.
     *
     * @return true if so
     */
    boolean ranOutOfMemory();

    /**
     * Kills all that runs in here, also what has left its parents, and lifts the CPU's limit for
     * that; does not wait for the end.
     */
    void kill();

    /**
     * Removes it once nothing runs in here any more, for which it waits half a second at most; what
     * cannot be removed by then is removed when another cell is made.
     */
    void remove();
}
