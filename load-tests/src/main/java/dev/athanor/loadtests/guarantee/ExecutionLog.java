package dev.athanor.loadtests.guarantee;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The notes that {@link Work} made. Immutable. */
final class ExecutionLog {
    /** Mark, correlation id, agent's process, sandbox' process, start; then the end, if any. */
    private static final int FIELDS = 5;

    private final Map<String, List<Execution>> executions;
    private final Map<String, String> marks;

    private ExecutionLog(Map<String, List<Execution>> executions, Map<String, String> marks) {
        this.executions = executions;
        this.marks = Map.copyOf(marks);
    }

    /**
     * Reads the file; there are no notes where there is none.
     *
     * @param agents ids of agents by their process
     */
    static ExecutionLog read(Path file, Map<Long, String> agents) throws IOException {
        return of(Files.exists(file) ? Files.readAllLines(file) : List.of(), agents);
    }

    static ExecutionLog of(List<String> lines, Map<Long, String> agents) {
        Map<String, String[]> latest = new LinkedHashMap<>();
        for (String line : lines) {
            String[] fields = line.split(" ", -1);
            if (fields.length < FIELDS) {
                throw new IllegalArgumentException("not a note: '%s'".formatted(line));
            }
            latest.put(String.join(" ", List.of(fields).subList(0, FIELDS)), fields);
        }
        Map<String, List<Execution>> executions = new LinkedHashMap<>();
        Map<String, String> marks = new HashMap<>();
        for (String[] fields : latest.values()) {
            executions
                    .computeIfAbsent(fields[0], mark -> new ArrayList<>())
                    .add(execution(fields, agents));
            marks.put(fields[1], fields[0]);
        }
        executions.values().forEach(list -> list.sort(Comparator.comparing(Execution::start)));
        return new ExecutionLog(executions, marks);
    }

    private static Execution execution(String[] fields, Map<Long, String> agents) {
        long agent = Long.parseLong(fields[2]);
        return new Execution(
                agents.getOrDefault(agent, "process " + agent),
                at(fields[4]),
                fields.length > FIELDS ? Optional.of(at(fields[FIELDS])) : Optional.empty());
    }

    private static Instant at(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }

    /** The marks of the calls that were executed, by their correlation ids. */
    Map<String, String> marks() {
        return marks;
    }

    /** Those of a call, in the order of their starts. */
    List<Execution> of(PlannedCall call) {
        return executions.getOrDefault(call.mark(), List.of());
    }
}
