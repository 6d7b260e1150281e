package dev.athanor.environment.docker;

import java.util.Map;

/**
 * Which engine to use, and for whom.
 *
 * @param host its address, such as {@code unix:///var/run/docker.sock}; only sockets of this
 *     machine, since its files are mounted
 * @param image what functions run in, see {@code deploy/images/build}
 * @param agent who starts containers, for their labels
 */
public record DockerOptions(String host, String image, String agent) {
    /** Where engines listen that packages have set up. */
    public static final String DEFAULT_HOST = "unix:///var/run/docker.sock";

    /** The image that {@code deploy/images/build} makes. */
    public static final String DEFAULT_IMAGE = "athanor/runtime:1";

    private static final String UNIX = "unix:///";

    /**
     * Those that an environment names by {@code DOCKER_HOST}, as Docker's own tools read it.
     *
     * @param environment variables
     * @param agent who starts containers
     */
    public static DockerOptions of(Map<String, String> environment, String agent) {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        return new DockerOptions(host.isEmpty() ? DEFAULT_HOST : host, DEFAULT_IMAGE, agent);
    }

    /** The same, for another agent. */
    public DockerOptions of(String newAgent) {
        return new DockerOptions(host, image, newAgent);
    }

    /** Whether files of this machine can be mounted by the engine. */
    boolean isOfThisMachine() {
        return host.startsWith(UNIX);
    }
}
