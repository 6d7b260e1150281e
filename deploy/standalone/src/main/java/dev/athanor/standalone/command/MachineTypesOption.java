package dev.athanor.standalone.command;

import dev.athanor.agent.machine.MachineTypesFile;
import dev.athanor.environment.machine.MachineTypeCatalog;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for machine types: their sizes, and whether these are enforced. */
final class MachineTypesOption {
    @Option(
            names = "--machine-types",
            paramLabel = "FILE",
            defaultValue = "${env:ATHANOR_MACHINE_TYPES}",
            description = {
                "YAML file with further machine types, or other sizes of those there are; see"
                        + " examples/machine-types.yaml. Default: the reference's sizes."
            })
    private @Nullable Path file;

    @Option(
            names = "--no-limits",
            defaultValue = "${env:ATHANOR_NO_LIMITS:-false}",
            description =
                    "Do not enforce CPU, memory and processes of machine types by control groups,"
                            + " only size the JVM to them.")
    private boolean unlimited;

    boolean enforcesLimits() {
        return !unlimited;
    }

    /** The machine types that there are. */
    MachineTypeCatalog catalog() {
        return file == null || file.toString().isBlank()
                ? MachineTypeCatalog.reference()
                : MachineTypesFile.read(file);
    }
}
