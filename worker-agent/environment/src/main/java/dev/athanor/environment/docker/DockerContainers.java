package dev.athanor.environment.docker;

import com.github.dockerjava.api.exception.DockerException;
import dev.athanor.environment.isolation.Containers;
import dev.athanor.environment.isolation.IsolationException;
import dev.athanor.environment.isolation.LauncherParts;
import dev.athanor.environment.isolation.NetworkPolicy;
import dev.athanor.environment.isolation.ProvidedFiles;
import dev.athanor.environment.isolation.SandboxUser;
import dev.athanor.environment.isolation.Tools;
import dev.athanor.environment.sandbox.SocketLauncher;
import java.io.IOException;

/** Sandboxes in containers of a Docker engine. */
public final class DockerContainers implements Containers {
    private final DockerOptions options;
    private final Tools tools;

    /**
     * @param options which engine to use
     */
    public DockerContainers(DockerOptions options) {
        this(options, Tools.ofThisMachine());
    }

    DockerContainers(DockerOptions options, Tools tools) {
        this.options = options;
        this.tools = tools;
    }

    @Override
    public Opened open(LauncherParts parts, NetworkPolicy policy) throws IOException {
        if (!options.isOfThisMachine()) {
            throw new IsolationException(
                    "the engine must be one of this machine, such as %s, got '%s'"
                            .formatted(DockerOptions.DEFAULT_HOST, options.host()));
        }
        SandboxUser user = SandboxUser.find();
        tools.find("mkfifo", "coreutils");
        String slirp = policy.outbound() ? slirp(user) : "";
        Engine engine = new Engine(options.host());
        EngineAccess access = null;
        try {
            String version = engine.version();
            if (engine.image(options.image()).isEmpty()) {
                throw new IsolationException(
                        "there is no image %s in the engine at %s: deploy/images/build makes it"
                                .formatted(options.image(), options.host()));
            }
            DockerStarter.prepare(parts);
            access = EngineAccess.open(engine, options);
            DockerStarter starter =
                    new DockerStarter(
                            access,
                            parts,
                            new OutboundAccess(
                                    slirp, policy, ProvidedFiles.write(SandboxUser.NUMBER)),
                            user);
            return new Opened(
                    new SocketLauncher(starter, parts.socketFolder(), parts.maxPayloadBytes()),
                    access::isAvailable,
                    "Docker %s, image %s; functions run as user %s, %s"
                            .formatted(
                                    version,
                                    options.image(),
                                    user.ids(),
                                    policy.outbound()
                                            ? "outbound network but for this machine and the cluster"
                                            : "no network"));
        } catch (EngineAwayException e) {
            throw new IsolationException(
                    e.getMessage()
                            + ": start it (deploy/images/engine start), or name another one by"
                            + " DOCKER_HOST");
        } catch (DockerException e) {
            throw new IsolationException(
                    "the engine at %s refuses: %s".formatted(options.host(), e.getMessage()));
        } finally {
            if (access == null) {
                engine.close();
            }
        }
    }

    private String slirp(SandboxUser user) {
        if (!user.privileged()) {
            throw new IsolationException(
                    "outbound network for containers takes an agent that runs as root: have it do"
                            + " so, or --network none");
        }
        tools.find("nsenter", "util-linux");
        tools.find("ip", "iproute2");
        return tools.find("slirp4netns", "slirp4netns");
    }
}
