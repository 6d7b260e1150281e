package dev.athanor.agent.data;

import dev.athanor.schemas.VolumeClaim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the volume that an agent serves with. A cluster has one: the first that an operator has
 * declared. Until then it is the first agent's own, which agents that find it at the same path
 * share.
 */
final class VolumeChoice {
    private final String agent;
    private final VolumeClaims claims;

    VolumeChoice(String agent, VolumeClaims claims) {
        this.agent = agent;
        this.claims = claims;
    }

    /**
     * Chooses the volume that an operator has declared.
     *
     * @throws DataVolumeException when the cluster has another one
     */
    DataVolume declared(Path path) throws IOException, InterruptedException {
        Path volume = Files.createDirectories(path).toRealPath();
        Optional<VolumeClaim> standing = claims.standing().filter(VolumeClaim::getDeclared);
        if (standing.isEmpty()) {
            String id = VolumeId.readOrMake(volume);
            claims.put(new VolumeClaim(id, volume.toString(), true, agent));
            standing = claims.standing();
            if (!standing.orElseThrow().getId().equals(id)) {
                claims.withdraw(id);
            }
        }
        Optional<String> id = VolumeId.read(volume);
        VolumeClaim cluster = standing.orElseThrow();
        if (!id.equals(Optional.of(cluster.getId()))) {
            throw new DataVolumeException(refusal(volume, id.orElse(null), cluster));
        }
        return new DataVolume(volume, cluster.getId(), Optional.empty());
    }

    /**
     * Chooses where an operator has said nothing: the cluster's volume where it is at hand, else
     * the agent's own.
     *
     * @param path of its own, made when missing
     * @throws DataVolumeException when an operator has declared one for the cluster that is not
     *     here
     */
    DataVolume undeclared(Path path) throws IOException, InterruptedException {
        Path own = Files.createDirectories(path).toRealPath();
        Optional<VolumeClaim> standing = claims.standing();
        if (standing.isEmpty()) {
            String id = VolumeId.readOrMake(own);
            claims.put(new VolumeClaim(id, own.toString(), false, agent));
            standing = claims.standing();
        }
        VolumeClaim cluster = standing.orElseThrow();
        for (Path candidate : new Path[] {own, Path.of(cluster.getFolder())}) {
            if (carries(candidate, cluster.getId())) {
                return new DataVolume(candidate, cluster.getId(), Optional.empty());
            }
        }
        if (cluster.getDeclared()) {
            throw new DataVolumeException(refusal(own, VolumeId.read(own).orElse(null), cluster));
        }
        return new DataVolume(own, VolumeId.readOrMake(own), Optional.of(warning(own, cluster)));
    }

    private static String warning(Path own, VolumeClaim cluster) {
        return "%s is this agent's own: that of the cluster's first agent, %s, is at %s. Functions find other files here than there, unless all agents are given one --data-volume"
                .formatted(own, cluster.getAgent(), cluster.getFolder());
    }

    private static boolean carries(Path volume, String id) {
        try {
            return VolumeId.read(volume).equals(Optional.of(id));
        } catch (IOException | UncheckedIOException | DataVolumeException e) {
            return false;
        }
    }

    private static String refusal(Path volume, @Nullable String id, VolumeClaim cluster) {
        return ("this agent may not join: the data volume %s carries %s, but that of this cluster"
                        + " carries the id %s (%s, as agent %s sees it). Give the cluster's by"
                        + " --data-volume; a copy of it carries its id in the file %s")
                .formatted(
                        volume,
                        id == null ? "no id" : "the id " + id,
                        cluster.getId(),
                        cluster.getFolder(),
                        cluster.getAgent(),
                        VolumeId.FILE);
    }
}
