package dev.athanor.runtime.protocol;

/**
 * The method that a function is.
 *
 * @param owner binary name of its class, with dots or slashes
 * @param name its name; {@code <init>} for a constructor
 * @param descriptor its JVM method descriptor
 * @param referenceKind a kind of {@link java.lang.invoke.MethodHandleInfo}, 5 to 9
 */
public record EntryPoint(String owner, String name, String descriptor, int referenceKind) {}
