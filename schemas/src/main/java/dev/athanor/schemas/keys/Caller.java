package dev.athanor.schemas.keys;

import java.util.Optional;

/**
 * Whose invocation it is.
 *
 * @param tenant of the key that signed it
 * @param revokedKey the key that signed it, where that was revoked: its tenant is told, and nothing
 *     runs
 */
public record Caller(String tenant, Optional<String> revokedKey) {}
