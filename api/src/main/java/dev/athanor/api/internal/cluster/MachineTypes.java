package dev.athanor.api.internal.cluster;

import dev.athanor.api.InvalidOptionException;
import dev.athanor.environment.machine.NearestName;
import dev.athanor.schemas.Topics;
import java.util.List;

/**
 * The machine types that the cluster offers: those with a topic of their own. An invocation for
 * another would wait for ever.
 */
final class MachineTypes {
    private static final String PREFIX = Topics.invocations("XS").replace("XS", "");

    private final KnownTopics topics;

    MachineTypes(KnownTopics topics) {
        this.topics = topics;
    }

    /**
     * @throws InvalidOptionException when there is no such machine type
     */
    void check(String name) {
        if (isKnown(name)) {
            return;
        }
        topics.ask();
        if (!isKnown(name)) {
            throw new InvalidOptionException("machineType", name, expected(name));
        }
    }

    private boolean isKnown(String name) {
        return topics.has(PREFIX + name);
    }

    private String expected(String name) {
        List<String> offered =
                topics.names().stream()
                        .filter(topic -> topic.startsWith(PREFIX))
                        .map(topic -> topic.substring(PREFIX.length()))
                        .sorted()
                        .toList();
        return "one that this cluster offers: "
                + String.join(", ", offered)
                + NearestName.question(name, offered);
    }
}
