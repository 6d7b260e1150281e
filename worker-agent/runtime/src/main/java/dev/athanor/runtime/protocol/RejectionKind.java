package dev.athanor.runtime.protocol;

/** Why a call ended without the function having returned or thrown. */
public enum RejectionKind {
    /** The entry point was not found, or the arguments could not be read. */
    INVALID_INVOCATION((byte) 0),
    /** The result could not be written. */
    INVALID_RESULT((byte) 1),
    /** The result exceeds what may be sent, or the arguments what a frame holds. */
    TOO_LARGE((byte) 2),
    /** The call was withdrawn before it started. */
    NOT_STARTED((byte) 3);

    private final byte code;

    RejectionKind(byte code) {
        this.code = code;
    }

    static RejectionKind of(byte code) throws MalformedFrameException {
        for (RejectionKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new MalformedFrameException("unknown kind of rejection " + code);
    }

    byte code() {
        return code;
    }
}
