package dev.athanor.api.internal.bundle;

import dev.athanor.api.InvalidFunctionException;
import java.nio.ByteBuffer;

/** The format versions of class files that agents run. */
final class ClassFormat {
    /** The Java release that agents run on. */
    static final int AGENT_RELEASE = 25;

    private static final int RELEASE_OFFSET = 44;
    private static final int HEADER_BYTES = 8;
    private static final int PREVIEW = 0xFFFF;

    private ClassFormat() {}

    /**
     * @throws InvalidFunctionException when the class is compiled for a newer release, or with
     *     preview features, which only their own release runs
     */
    static void check(String name, byte[] classFile) {
        if (classFile.length < HEADER_BYTES) {
            throw new InvalidFunctionException("%s is not a class file".formatted(name));
        }
        ByteBuffer header = ByteBuffer.wrap(classFile);
        int minor = Short.toUnsignedInt(header.getShort(4));
        int major = Short.toUnsignedInt(header.getShort(6));
        if (major > AGENT_RELEASE + RELEASE_OFFSET) {
            throw new InvalidFunctionException(
                    ("%s is compiled for Java %d (class file version %d), agents run Java %d (%d):"
                                    + " compile with --release %d")
                            .formatted(
                                    name,
                                    major - RELEASE_OFFSET,
                                    major,
                                    AGENT_RELEASE,
                                    AGENT_RELEASE + RELEASE_OFFSET,
                                    AGENT_RELEASE));
        }
        if (minor == PREVIEW) {
            throw new InvalidFunctionException(
                    "%s is compiled with preview features, which agents do not run: compile without --enable-preview"
                            .formatted(name));
        }
    }
}
