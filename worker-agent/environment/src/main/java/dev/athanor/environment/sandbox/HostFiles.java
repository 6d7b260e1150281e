package dev.athanor.environment.sandbox;

import java.nio.file.Path;

/**
 * What one sandbox needs of this machine beside its class path and its data.
 *
 * @param java its {@code java}
 * @param runtime jar or classes folder of its runtime
 * @param workFolder its own folder, which is there
 * @param socket that it is to connect to, which is there
 */
public record HostFiles(Path java, Path runtime, Path workFolder, Path socket) {}
