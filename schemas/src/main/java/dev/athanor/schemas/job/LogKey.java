package dev.athanor.schemas.job;

import java.nio.charset.StandardCharsets;

/** Keys of the log lines of jobs, whose ids are their tenants' to choose. */
public final class LogKey {
    private LogKey() {}

    /** The key of all lines of a job. */
    public static byte[] of(String tenant, String correlationId) {
        return (tenant + "/" + correlationId).getBytes(StandardCharsets.UTF_8);
    }
}
