package dev.athanor.environment.isolation;

import dev.athanor.environment.limits.Limits;
import java.nio.file.Path;

/**
 * What launchers have in common, however they keep sandboxes apart.
 *
 * @param java the {@code java} of a JDK 17 or newer
 * @param runtime jar or classes folder of the sandbox's runtime
 * @param socketFolder where sockets go
 * @param workFolder where each sandbox gets a folder of its own; made when missing
 * @param maxPayloadBytes largest arguments or result, in bytes
 * @param limits enforces the sizes of machine types
 */
public record LauncherParts(
        Path java,
        Path runtime,
        Path socketFolder,
        Path workFolder,
        long maxPayloadBytes,
        Limits limits) {}
