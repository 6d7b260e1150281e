package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the replies of members that have ended. Safe for any number of threads. */
final class ReplyQueries {
    private static final String REPLIES =
            """
            SELECT id, precedence, changed_at, agent, reply FROM results
            WHERE tenant = ? AND id = ANY (?) AND expires_on = ANY (?) AND expires_at > ?
            """;

    private final Database database;

    ReplyQueries(Database database) {
        this.database = database;
    }

    /**
     * The reply of each member, in their order.
     *
     * @param members that have ended
     * @param now milliseconds since the epoch
     */
    List<MemberResult> read(String tenant, List<MemberRow> members, long now) {
        if (members.isEmpty()) {
            return List.of();
        }
        Map<UUID, MemberRow> rows =
                members.stream().collect(Collectors.toMap(MemberRow::id, Function.identity()));
        Object[] days =
                members.stream()
                        .map(MemberRow::resultExpiresAt)
                        .map(ReplyQueries::day)
                        .distinct()
                        .map(Date::valueOf)
                        .toArray();
        Map<UUID, Reply> replies =
                database.transaction(connection -> {
                    Map<UUID, Reply> found = new HashMap<>();
                    try (PreparedStatement statement = connection.prepareStatement(REPLIES)) {
                        statement.setString(1, tenant);
                        statement.setArray(
                                2, connection.createArrayOf("uuid", rows.keySet().toArray()));
                        statement.setArray(3, connection.createArrayOf("date", days));
                        statement.setLong(4, now);
                        try (ResultSet row = statement.executeQuery()) {
                            while (row.next()) {
                                UUID id = row.getObject("id", UUID.class);
                                MemberRow member = rows.get(id);
                                if (member != null
                                        && member.precedence() == row.getLong("precedence")
                                        && member.changedAt() == row.getLong("changed_at")
                                        && member.agent().equals(row.getString("agent"))) {
                                    found.put(
                                            id,
                                            Codec.current()
                                                    .decode(row.getBytes("reply"), Reply.class));
                                }
                            }
                        }
                    }
                    return found;
                });
        return members.stream()
                .map(member ->
                        new MemberResult(
                                member.index(),
                                replies.getOrDefault(
                                        member.id(),
                                        without(
                                                member.id(),
                                                Outcome.FAILED,
                                                FailureCode.UNKNOWN,
                                                "its result is kept no longer"))))
                .toList();
    }

    private static LocalDate day(long millis) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }

    /** The end of a member that was cancelled before it was queued. */
    static MemberResult neverQueued(BatchKey key, int index) {
        return new MemberResult(
                index,
                without(
                        MemberId.of(key.id(), index, 0),
                        Outcome.CANCELLED,
                        FailureCode.CANCELLED,
                        "its batch was cancelled before it was queued"));
    }

    private static Reply without(UUID id, Outcome outcome, FailureCode code, String message) {
        return Reply.newBuilder()
                .setCorrelationId(id.toString())
                .setOutcome(outcome)
                .setFailure(
                        Failure.newBuilder()
                                .setCode(code)
                                .setMessage(message)
                                .setThrowables(List.of())
                                .build())
                .setAgent("")
                .setPhases(new PhaseTimes())
                .build();
    }
}
