package dev.athanor.environment.build;

/**
 * What the repositories of a definition may do. Those of the operator, from the settings or the
 * options, may always do everything.
 */
public enum RepositoryTrust {
    /**
     * For definitions of other people: {@code https} only, unless a mirror stands for it, so that
     * nobody reads the machine's files or has jars altered on their way; no credentials of the
     * settings, which would otherwise go to whatever address is given under a known id.
     */
    LIMITED,
    /** For definitions of the machine's own user: as in a project of Maven's. */
    FULL
}
