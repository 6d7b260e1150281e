package dev.athanor.environment.build;

import java.nio.file.Path;
import java.util.List;

/** Builds the files of an environment. Implementations are safe for use by several threads. */
@FunctionalInterface
public interface EnvironmentBuilder {
    /**
     * Builds an environment, and stops soon after its thread is interrupted.
     *
     * @param definition what to build
     * @param folder an empty folder; nothing else may be written that another build could see
     * @param log takes lines for the people who wait, from any thread
     * @return files or folders in {@code folder}, in order: the class path, or the interpreter and
     *     what else tells one environment from another
     * @throws BuildFailedException when it cannot be built; what is in the folder is then deleted
     * @throws InterruptedException when the thread was interrupted
     */
    List<Path> build(EnvironmentDefinition definition, Path folder, BuildLog log)
            throws InterruptedException;
}
