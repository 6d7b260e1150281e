package dev.athanor.environment.docker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A process that outlives this one for a moment, if need be, and then kills the containers that
 * this one has left running: an engine keeps them whoever asked for them. It notices by its pipe.
 * Safe for use by any thread.
 */
final class Warden implements AutoCloseable {
    private static final String SCRIPT =
            """
            trap '' HUP INT TERM
            pids=' '
            while read -r what pid; do
                case $what in
                    +) pids="$pids$pid " ;;
                    -) pids="${pids%% "$pid" *} ${pids#* "$pid" }" ;;
                esac
            done
            for pid in $pids; do
                kill -9 "$pid" 2>/dev/null
            done
            """;

    private final Process process;
    private final OutputStream pipe;

    private Warden(Process process) {
        this.process = process;
        pipe = process.getOutputStream();
    }

    static Warden start() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(List.of("/bin/sh", "-c", SCRIPT))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().retainAll(List.of("PATH"));
        return new Warden(builder.start());
    }

    /** Takes a container's first process over. */
    void guard(ProcessHandle first) throws IOException {
        tell("+ " + first.pid());
    }

    /** Leaves it alone again. */
    void release(ProcessHandle first) {
        try {
            tell("- " + first.pid());
        } catch (IOException e) {
            // Somebody has killed it: then there is nobody who would mistake that process.
            return;
        }
    }

    private void tell(String line) throws IOException {
        synchronized (pipe) {
            pipe.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        }
    }

    /** Has it kill what is left, and end. */
    @Override
    public void close() {
        try {
            pipe.close();
        } catch (IOException e) {
            process.destroyForcibly();
        }
    }
}
