package dev.athanor.environment.isolation;

import dev.athanor.environment.data.DataView;
import java.nio.file.Path;
import java.util.List;

/** Tells that sandboxes see their folder as {@code /data}, where their enclosure mounts it. */
final class BoundData implements DataView {
    @Override
    public List<String> command(List<String> command, Path folder) {
        return command;
    }

    @Override
    public String seenAs(Path folder) {
        return BubblewrapCommand.DATA;
    }

    @Override
    public boolean isMounted() {
        return true;
    }

    @Override
    public String description() {
        return "functions see it as " + BubblewrapCommand.DATA;
    }
}
