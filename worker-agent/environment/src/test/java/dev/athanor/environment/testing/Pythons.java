package dev.athanor.environment.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;

/** The Pythons of this machine. */
public final class Pythons {
    /** Set where a test that is left out is a failure. */
    private static final String REQUIRED = "ATHANOR_TESTS_REQUIRED";

    private Pythons() {}

    /** Leaves a test out where uv is not installed, unless all tests are required. */
    public static void needUv() {
        boolean isThere =
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "uv")));
        if (!isThere && System.getenv(REQUIRED) == null) {
            System.err.println(
                    "LEFT OUT: tests of Python environments. To run them: pip install uv. "
                            + REQUIRED
                            + "=1 makes that a failure.");
            Assumptions.assumeThat(isThere).isTrue();
        }
    }

    /** Version of the Python on the path, such as 3.12. */
    public static String minorVersion() throws IOException, InterruptedException {
        return run("python3", "import sys; print('%d.%d' % sys.version_info[:2])").strip();
    }

    /** What a program prints. */
    public static String run(String python, String program)
            throws IOException, InterruptedException {
        return new String(run(python, program, new byte[0]), UTF_8);
    }

    /** What a program prints that reads the input, which has to fit into a pipe. */
    public static byte[] run(String python, String program, byte[] input)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(python, "-c", program)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        process.getOutputStream().write(input);
        process.getOutputStream().close();
        byte[] output = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException("%s ended with status %d".formatted(python, process.exitValue()));
        }
        return output;
    }
}
