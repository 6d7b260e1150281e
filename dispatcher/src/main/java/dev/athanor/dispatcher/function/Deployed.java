package dev.athanor.dispatcher.function;

/**
 * What became of a deployment.
 *
 * @param isNew false: the current version is just that, and stays
 */
public record Deployed(int version, boolean isNew) {}
