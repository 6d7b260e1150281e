package dev.athanor.environment.sandbox;

import dev.athanor.environment.data.DataView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the process of a sandbox is started in its room.
 *
 * @param arguments the room's prefix, the program and its arguments
 * @param environment all variables that it has
 * @param leaving what user code calls to end it
 * @param processesAbove how many processes its program has above the one that runs user code
 */
public record CommandLine(
        List<String> arguments,
        Map<String, String> environment,
        String leaving,
        int processesAbove) {
    public CommandLine {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /**
     * The one of a sandbox.
     *
     * @param spec what it is to be
     * @param room where it is to run
     * @param inherited variables, of which a few are kept
     */
    public static CommandLine of(SandboxSpec spec, Room room, Map<String, String> inherited) {
        SandboxCommand command = SandboxCommand.of(spec, room);
        List<String> arguments = new ArrayList<>(room.prefix());
        arguments.addAll(command.arguments(spec.machineType(), room.workFolder(), room.socket()));
        Map<String, String> environment = new LinkedHashMap<>(inherited);
        SandboxCommand.scrub(environment, room.workFolder());
        Path programs = command.programs();
        if (programs != null) {
            environment.merge("PATH", programs.toString(), (path, own) -> own + ":" + path);
        }
        environment.put(DataView.VARIABLE, room.dataFolder());
        environment.putAll(spec.secrets().values());
        return new CommandLine(arguments, environment, command.leaving(), command.processesAbove());
    }

    /** The text without secrets. */
    @Override
    public String toString() {
        return arguments.toString();
    }
}
