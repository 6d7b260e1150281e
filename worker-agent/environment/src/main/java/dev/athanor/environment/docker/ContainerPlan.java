package dev.athanor.environment.docker;

import java.util.List;
import java.util.Map;

/**
 * What runs in a container.
 *
 * @param image by its name
 * @param hostName of the machine that it takes itself for
 * @param user as {@code uid:gid}
 * @param workingDirectory of its command
 * @param labels of the container
 * @param environment variables, each {@code NAME=value}; not to be printed
 * @param command that it begins with
 */
record ContainerPlan(
        String image,
        String hostName,
        String user,
        String workingDirectory,
        Map<String, String> labels,
        List<String> environment,
        List<String> command) {
    ContainerPlan {
        labels = Map.copyOf(labels);
        environment = List.copyOf(environment);
        command = List.copyOf(command);
    }
}
