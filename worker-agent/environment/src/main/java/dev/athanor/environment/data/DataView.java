package dev.athanor.environment.data;

import java.nio.file.Path;
import java.util.List;

/** Shows sandboxes the persistent folder of their tenant. Safe for use by any thread. */
public interface DataView {

    /** The environment variable that tells a function where the folder is. */
    String VARIABLE = "ATHANOR_DATA";

    /**
     * Has a command see the folder.
     *
     * @param command what is to run
     * @param folder the tenant's, which is there
     * @return what to start in its place, with the same process id
     */
    List<String> command(List<String> command, Path folder);

    /**
     * Tells where functions see the folder.
     *
     * @param folder the tenant's
     * @return the value of {@link #VARIABLE}
     */
    String seenAs(Path folder);

    /**
     * Tells whether functions see it as {@code /data}.
     *
     * @return false if the variable alone names it
     */
    boolean isMounted();

    /**
     * Says how functions see it and, where that is not {@code /data}, why, to complete "data: …".
     *
     * @return one line for the operator
     */
    String description();
}
