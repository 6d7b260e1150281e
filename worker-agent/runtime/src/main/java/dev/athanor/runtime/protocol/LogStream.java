package dev.athanor.runtime.protocol;

/** Where a function printed to. */
public enum LogStream {
    /** Standard output. */
    STDOUT((byte) 1),
    /** Standard error. */
    STDERR((byte) 2);

    private final byte code;

    LogStream(byte code) {
        this.code = code;
    }

    static LogStream of(byte code) throws MalformedFrameException {
        if (code == STDOUT.code) {
            return STDOUT;
        }
        if (code == STDERR.code) {
            return STDERR;
        }
        throw new MalformedFrameException("unknown log stream " + code);
    }

    byte code() {
        return code;
    }
}
