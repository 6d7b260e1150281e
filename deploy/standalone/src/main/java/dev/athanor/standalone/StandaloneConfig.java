package dev.athanor.standalone;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an all-in-one process is.
 *
 * @param dataFolder for everything that it keeps
 * @param port of Kafka, 0 to 65535; 0 takes a free one
 * @param metricsPort of the HTTP endpoint, 0 to 65535; 0 takes a free one
 * @param slots how many slots of which machine type
 */
public record StandaloneConfig(
        Path dataFolder, int port, int metricsPort, Map<String, Integer> slots) {
    public StandaloneConfig {
        slots = new LinkedHashMap<>(slots);
    }
}
