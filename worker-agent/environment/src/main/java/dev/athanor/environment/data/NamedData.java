package dev.athanor.environment.data;

import java.nio.file.Path;
import java.util.List;

/**
 * Leaves the folder where it is and tells functions its name.
 *
 * @param reason why it is not mounted
 */
public record NamedData(String reason) implements DataView {
    @Override
    public List<String> command(List<String> command, Path folder) {
        return command;
    }

    @Override
    public String seenAs(Path folder) {
        return folder.toString();
    }

    @Override
    public boolean isMounted() {
        return false;
    }

    @Override
    public String description() {
        return "functions find it by the environment variable "
                + VARIABLE
                + ", not as "
                + MountedData.PATH
                + " ("
                + reason
                + ")";
    }
}
