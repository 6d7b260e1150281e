package dev.athanor.environment.sandbox;

import java.nio.file.Path;

/**
 * What one sandbox needs of this machine beside its class path and its data.
 *
 * @param program its {@code java} or {@code python}
 * @param runtime jar, classes folder or Python folder of its runtime
 * @param workFolder its own folder, which is there
 * @param socket that it is to connect to, which is there
 */
public record HostFiles(Path program, Path runtime, Path workFolder, Path socket) {}
