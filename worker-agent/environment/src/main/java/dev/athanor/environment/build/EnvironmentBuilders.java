package dev.athanor.environment.build;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Builds environments of each kind with the builder of that kind. */
public final class EnvironmentBuilders implements EnvironmentBuilder {
    private final Map<EnvironmentKind, EnvironmentBuilder> builders;

    /** Makes one of builders by what they build. */
    public EnvironmentBuilders(Map<EnvironmentKind, EnvironmentBuilder> builders) {
        this.builders = Map.copyOf(builders);
    }

    @Override
    public List<Path> build(EnvironmentDefinition definition, Path folder, BuildLog log)
            throws InterruptedException {
        EnvironmentBuilder builder = builders.get(definition.kind());
        if (builder == null) {
            throw new BuildFailedException(
                    definition.kind()
                            + " environments are not built here, but "
                            + builders.keySet());
        }
        return builder.build(definition, folder, log);
    }
}
