package dev.athanor.environment.sandbox;

import dev.athanor.environment.machine.MachineType;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command of a Python sandbox. The interpreter has no limit of memory of its own: the machine
 * type's is the control group's to enforce.
 *
 * @param interpreter {@code python} of the virtual environment
 * @param runtime folder of the sandbox's runtime
 */
record PythonCommand(Path interpreter, Path runtime) implements SandboxCommand {

    @Override
    public List<String> arguments(MachineType machineType, Path workFolder, Path socket) {
        return List.of(
                interpreter.toString(),
                // Neither variables nor the working directory decide what is imported.
                "-I",
                // An environment stays as it was built.
                "-B",
                runtime.toString(),
                socket.toString());
    }

    @Override
    public String leaving() {
        return "os._exit";
    }

    /** That one stands between the agent and user code. */
    @Override
    public int processesAbove() {
        return 1;
    }

    /** The environment's, as where it is activated. */
    @Override
    public @Nullable Path programs() {
        return interpreter.getParent();
    }
}
