package dev.athanor.standalone.command;

import dev.athanor.environment.docker.DockerOptions;
import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.isolation.NetworkPolicy;
import dev.athanor.environment.sandbox.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say how sandboxes are kept from this machine, and from what of the network. */
final class IsolationOption {
    @Option(
            names = "--isolation",
            paramLabel = "KIND",
            defaultValue = "${env:ATHANOR_ISOLATION:-auto}",
            converter = Kind.class,
            description = {
                "How sandboxes are kept apart: bubblewrap, docker, process, or auto for the first of"
                        + " them that works here. One that is named and does not work is refused.",
                "See docs/isolation.md. Default: ${DEFAULT-VALUE}."
            })
    private Isolation isolation = Isolation.AUTO;

    @Option(
            names = "--network",
            paramLabel = "outbound|none",
            defaultValue = "${env:ATHANOR_NETWORK:-outbound}",
            converter = Access.class,
            description =
                    "Whether functions may have the network, where their own options do not turn it"
                            + " off. Default: ${DEFAULT-VALUE}.")
    private Network network = Network.OUTBOUND;

    @Option(
            names = "--deny-network",
            paramLabel = "HOST|RANGE",
            split = ",",
            defaultValue = "${env:ATHANOR_DENY_NETWORK}",
            description =
                    "What functions may not reach, beside this machine, Kafka and link-local"
                            + " addresses: host names, IPv4 addresses and ranges, with commas between"
                            + " them. Needs bubblewrap or docker.")
    private String[] denied = {};

    @Option(
            names = "--docker-host",
            paramLabel = "unix://SOCKET",
            defaultValue =
                    "${env:ATHANOR_DOCKER_HOST:-${env:DOCKER_HOST:-unix:///var/run/docker.sock}}",
            description =
                    "The Docker engine of this machine that runs functions with --isolation docker."
                            + " Default: ${DEFAULT-VALUE}.")
    private String dockerHost = DockerOptions.DEFAULT_HOST;

    @Option(
            names = "--docker-image",
            paramLabel = "IMAGE",
            defaultValue = "${env:ATHANOR_DOCKER_IMAGE:-athanor/runtime:1}",
            description =
                    "What functions run in there; deploy/images/build makes it. Default:"
                            + " ${DEFAULT-VALUE}.")
    private String dockerImage = DockerOptions.DEFAULT_IMAGE;

    DockerOptions docker() {
        return new DockerOptions(dockerHost, dockerImage, "");
    }

    Isolation isolation() {
        return isolation;
    }

    NetworkPolicy network() {
        List<String> hosts =
                denied == null
                        ? List.of()
                        : Arrays.stream(denied).filter(host -> !host.isBlank()).toList();
        return new NetworkPolicy(network == Network.OUTBOUND, hosts);
    }

    /** Takes names in lower case. */
    static final class Kind implements ITypeConverter<Isolation> {
        @Override
        public Isolation convert(String value) {
            try {
                return Isolation.named(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Takes {@code outbound} and {@code none}. */
    static final class Access implements ITypeConverter<Network> {
        @Override
        public Network convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "outbound" -> Network.OUTBOUND;
                case "none" -> Network.NONE;
                default ->
                        throw new TypeConversionException(
                                "'%s' is neither outbound nor none".formatted(value));
            };
        }
    }
}
