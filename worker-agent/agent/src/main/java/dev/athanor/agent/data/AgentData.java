package dev.athanor.agent.data;

import dev.athanor.environment.data.DataView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The persistent folders of an agent's tenants, and how functions see them.
 *
 * @param volume where they are
 * @param view how functions see them
 */
public record AgentData(DataVolume volume, DataView view) {
    private static final Logger LOG = LoggerFactory.getLogger(AgentData.class);

    /** Finds out how functions see a volume. */
    @FunctionalInterface
    public interface Views {
        /**
         * Finds out how functions see this one.
         *
         * @throws IOException if the volume cannot be used
         */
        DataView of(Path volume) throws IOException;
    }

    /**
     * Finds them, and tells the cluster where this is the first agent that does.
     *
     * @param agent its id
     * @param declared the volume that the operator has given
     * @param own where the agent's own would be
     * @param views finds out how functions see a volume
     * @param consumers makes consumers without a group
     * @param producer stays its giver's to close
     * @param timeout longest wait for each answer of the cluster
     * @throws DataVolumeException when the cluster has another volume
     * @throws UncheckedIOException when the volume cannot be used
     * @throws dev.athanor.schemas.cluster.ClusterUnreachableException when Kafka does not answer
     */
    public static AgentData find(
            String agent,
            Optional<Path> declared,
            Path own,
            Views views,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Producer<byte[], byte[]> producer,
            Duration timeout)
            throws InterruptedException {
        VolumeChoice choice =
                new VolumeChoice(
                        agent, new VolumeClaims(consumers, producer, timeout, System::nanoTime));
        try {
            DataVolume volume =
                    declared.isPresent()
                            ? choice.declared(declared.get().toAbsolutePath())
                            : choice.undeclared(own.toAbsolutePath());
            AgentData data = new AgentData(volume, views.of(volume.path()));
            data.log();
            return data;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the data volume %s cannot be used: %s".formatted(declared.orElse(own), e), e);
        }
    }

    private void log() {
        if (view.isMounted()) {
            LOG.info("data: {}", description());
        } else {
            LOG.warn("data: {}", description());
        }
        volume.warning().ifPresent(warning -> LOG.warn("data: {}", warning));
    }

    /** Where it is and how functions see it, to complete "data: …". */
    public String description() {
        return "in %s, volume %s; %s".formatted(volume.path(), volume.id(), view.description());
    }
}
