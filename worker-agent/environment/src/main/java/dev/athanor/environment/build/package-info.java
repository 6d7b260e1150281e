/**
 * Builds environments from requirements and keeps them on disk. An environment is named by the hash
 * of its definition; {@link dev.athanor.environment.build.EnvironmentStore} builds each one once,
 * in a temporary folder that is renamed into place, and {@link
 * dev.athanor.environment.build.MavenEnvironmentBuilder} resolves the requirements of JVM
 * functions, {@link dev.athanor.environment.build.PythonEnvironmentBuilder} installs those of
 * Python functions. Credentials from {@code settings.xml} stay in this package: no message, log
 * line or exception that leaves it holds one.
 */
@NullMarked
package dev.athanor.environment.build;

import org.jspecify.annotations.NullMarked;
