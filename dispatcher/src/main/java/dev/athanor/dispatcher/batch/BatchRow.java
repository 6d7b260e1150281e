package dev.athanor.dispatcher.batch;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Reads rows of batches that were begun. */
final class BatchRow {
    static final String COLUMNS =
            "id, function, machine_type, created_at, total, run, run_is_fed, cancelled_at, ended_at";

    private BatchRow() {}

    static Batch batch(ResultSet row) throws SQLException {
        long endedAt = row.getLong("ended_at");
        return new Batch(
                row.getObject("id", UUID.class).toString(),
                row.getString("function"),
                row.getString("machine_type"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getInt("total"),
                row.getInt("run"),
                row.getBoolean("run_is_fed"),
                row.getLong("cancelled_at") != 0,
                endedAt == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(endedAt)));
    }
}
