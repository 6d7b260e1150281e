package dev.athanor.environment.sandbox;

import dev.athanor.environment.machine.MachineType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The command of a sandbox, whichever language it is for. */
sealed interface SandboxCommand permits JvmCommand, PythonCommand {

    List<String> INHERITED = List.of("PATH", "LANG", "TZ");
    Pattern UTF_8 = Pattern.compile("(?i)utf-?8");

    /** The command of a sandbox of the spec, in its room. */
    static SandboxCommand of(SandboxSpec spec, Room room) {
        return spec.program() instanceof Program.Python
                ? new PythonCommand(room.program(), room.runtime())
                : new JvmCommand(room.program(), room.runtime());
    }

    /** The program and its arguments, with paths as the sandbox sees them. */
    List<String> arguments(MachineType machineType, Path workFolder, Path socket);

    /** What user code calls to end its process. */
    String leaving();

    /** How many processes it has above the one that runs user code. */
    int processesAbove();

    /** Folder of programs that user code finds before this machine's; null: none. */
    @Nullable Path programs();

    /** Replaces what a process would inherit, so that nothing of the agent's leaks. */
    static void scrub(Map<String, String> environment, Path workFolder) {
        environment.keySet().retainAll(INHERITED);
        // Names of files are UTF-8 in every sandbox, so that they can be those of any caller.
        if (!UTF_8.matcher(environment.getOrDefault("LANG", "")).find()) {
            environment.put("LC_CTYPE", "C.UTF-8");
        }
        environment.put("HOME", workFolder.toString());
        environment.put("TMPDIR", workFolder.toString());
    }
}
