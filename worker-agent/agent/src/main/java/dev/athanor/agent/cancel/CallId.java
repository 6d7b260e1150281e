package dev.athanor.agent.cancel;

/**
 * Names a call: correlation ids are made by callers, and each tenant's count among its own only.
 */
public record CallId(String tenant, String correlationId) {}
