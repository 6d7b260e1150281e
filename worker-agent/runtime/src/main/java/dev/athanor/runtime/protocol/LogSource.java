package dev.athanor.runtime.protocol;

/** Who wrote a line. */
public enum LogSource {
    /** The build of an environment. */
    BUILD((byte) 1),
    /** The function itself. */
    FUNCTION((byte) 2),
    /** Athanor, about the call. */
    AGENT((byte) 3);

    private final byte code;

    LogSource(byte code) {
        this.code = code;
    }

    static LogSource of(byte code) throws MalformedFrameException {
        for (LogSource source : values()) {
            if (source.code == code) {
                return source;
            }
        }
        throw new MalformedFrameException("unknown log source " + code);
    }

    byte code() {
        return code;
    }
}
