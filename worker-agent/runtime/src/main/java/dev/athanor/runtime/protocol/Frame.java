package dev.athanor.runtime.protocol;

/** One message on a sandbox's socket. The package's page gives the layout of each. */
public sealed interface Frame permits SandboxFrame, AgentFrame {

    /** Returns the byte that tells frames apart. */
    byte type();

    /**
     * Writes the body but for its {@link #tail}.
     *
     * @param out where to
     */
    void writeHead(FrameOutput out);

    /**
     * Returns the bytes that end the body and are copied only once, for they may be many. Their
     * length is the last thing in the head.
     *
     * @return the tail itself, empty where a frame has none
     */
    default byte[] tail() {
        return FrameOutput.NOTHING;
    }
}
