package dev.athanor.api.internal.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.athanor.api.AthanorException;
import dev.athanor.api.BatchProgress;
import dev.athanor.api.CancelAnswer;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.api.JobState;
import dev.athanor.api.JobStatus;
import dev.athanor.api.NoSuchJobException;
import dev.athanor.api.QueueFullException;
import dev.athanor.api.Schedule;
import dev.athanor.api.TooLargeException;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.api.UnavailableException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a dispatcher answers. Safe for any number of threads. */
final class Answers {
    private static final Duration DEFAULT_RETRY = Duration.ofSeconds(5);

    private final JsonMapper mapper = new JsonMapper();

    /**
     * The exception that an answer other than the expected one stands for.
     *
     * @param retryAfter the header of that name
     */
    AthanorException failure(int status, Optional<String> retryAfter, byte[] body) {
        String detail = detail(status, body);
        return switch (status) {
            case 400, 409, 415, 422 -> new InvalidFunctionException(detail);
            case 401, 403 -> new UnauthorizedException(detail);
            case 404, 410 -> new NoSuchJobException(detail, null);
            case 413 -> new TooLargeException(detail);
            case 429 -> new QueueFullException(detail, seconds(retryAfter));
            default -> new UnavailableException("the dispatcher did not do it: " + detail);
        };
    }

    private static Duration seconds(Optional<String> retryAfter) {
        return retryAfter
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(DEFAULT_RETRY);
    }

    private String detail(int status, byte[] body) {
        String unknown = "HTTP %d, and no reason that a dispatcher gives".formatted(status);
        try {
            return mapper.readTree(body).path("detail").asText(unknown);
        } catch (IOException e) {
            return unknown;
        }
    }

    String id(byte[] body) {
        try {
            return mapper.readTree(body).required("id").asText();
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    int version(byte[] body) {
        try {
            return mapper.readTree(body).required("version").asInt();
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    JobStatus status(byte[] body) {
        try {
            JsonNode job = mapper.readTree(body);
            return new JobStatus(
                    job.path("id").asText(),
                    job.path("function").asText(),
                    job.path("machineType").asText(),
                    state(job.path("state").asText()),
                    job.path("attempt").asInt(),
                    Instant.parse(job.path("createdAt").asText()),
                    Instant.parse(job.path("changedAt").asText()),
                    text(job, "startedAt").map(Instant::parse),
                    text(job, "agent"),
                    job.path("message").asText(),
                    text(job, "resultExpiresAt").map(Instant::parse));
        } catch (IOException | DateTimeException e) {
            throw unreadable(e);
        }
    }

    CancelAnswer cancel(byte[] body) {
        try {
            return CancelAnswer.valueOf(mapper.readTree(body).path("answer").asText());
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    /** A batch, or what holds one. */
    BatchProgress progress(byte[] body) {
        try {
            JsonNode answer = mapper.readTree(body);
            JsonNode batch = answer.has("batch") ? answer.get("batch") : answer;
            JsonNode counts = batch.path("counts");
            return new BatchProgress(
                    batch.path("total").asInt(),
                    counts.path("queued").asInt(),
                    counts.path("running").asInt(),
                    counts.path("done").asInt(),
                    counts.path("failed").asInt(),
                    counts.path("cancelled").asInt());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    Schedule.Status schedule(byte[] body) {
        try {
            JsonNode schedule = mapper.readTree(body);
            return new Schedule.Status(
                    schedule.path("name").asText(),
                    schedule.path("cron").asText(),
                    schedule.path("zone").asText(),
                    schedule.path("paused").asBoolean(),
                    schedule.path("function").asText(),
                    text(schedule, "nextAt").map(Instant::parse));
        } catch (IOException | DateTimeException e) {
            throw unreadable(e);
        }
    }

    List<Schedule.Firing> firings(byte[] body) {
        try {
            List<Schedule.Firing> firings = new ArrayList<>();
            for (JsonNode firing : mapper.readTree(body).path("firings")) {
                firings.add(
                        new Schedule.Firing(
                                Instant.parse(firing.path("fireAt").asText()),
                                text(firing, "job")));
            }
            return firings;
        } catch (IOException | DateTimeException e) {
            throw unreadable(e);
        }
    }

    static UnavailableException unreadable(Exception e) {
        return new UnavailableException("the dispatcher's answer cannot be read: " + e, e);
    }

    private static Optional<String> text(JsonNode job, String name) {
        return Optional.ofNullable(job.get(name)).map(JsonNode::asText);
    }

    private static JobState state(String name) {
        for (JobState state : JobState.values()) {
            if (state.name().equals(name)) {
                return state;
            }
        }
        return JobState.UNKNOWN;
    }
}
