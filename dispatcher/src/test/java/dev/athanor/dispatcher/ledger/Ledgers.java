package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks into a ledger's tables. */
final class Ledgers {
    private Ledgers() {}

    /**
     * Of each job its state, attempt, agent, time and how many events made it, by tenant and id.
     */
    static Map<String, String> rows(Database database) {
        String sql =
                "SELECT tenant || '/' || id, state || ' ' || attempt || ' ' || agent || ' '"
                        + " || changed_at || ' ' || events FROM jobs";
        return database.transaction(connection -> {
            Map<String, String> found = new HashMap<>();
            try (PreparedStatement statement = connection.prepareStatement(sql);
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString(1), rows.getString(2));
                }
            }
            return found;
        });
    }

    static String text(JobRow row) {
        return "%s %d %s %d %d"
                .formatted(row.state(), row.attempt(), row.agent(), row.changedAt(), row.events());
    }

    /** The first column of what a statement answers. */
    static List<String> lines(Database database, String sql) {
        return database.transaction(connection -> {
            List<String> lines = new ArrayList<>();
            try (Statement statement = connection.createStatement()) {
                boolean answers = statement.execute(sql);
                while (answers && statement.getResultSet().next()) {
                    lines.add(statement.getResultSet().getString(1));
                }
            }
            return lines;
        });
    }
}
