package dev.athanor.agent.testing;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.syncDir;

import dev.athanor.api.AthanorClient;
import java.nio.file.Path;

/** A program that syncs one folder. */
public final class SmallSyncer {
    private SmallSyncer() {}

    /** Takes the broker's address, the folder, where it goes, and the machine type. */
    public static void main(String[] args) {
        try (AthanorClient client = AthanorClient.builder().bootstrapServers(args[0]).build()) {
            System.out.println(
                    syncDir(Path.of(args[1]), args[2], host(cloud(client)), machineType(args[3])));
        }
    }
}
