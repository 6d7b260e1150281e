package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Says that a sandbox is up.
 *
 * @param protocolVersion {@link Protocol#VERSION} of the sandbox
 * @param pid process id as the sandbox sees it; in a container this is not the agent's view
 * @param runtimeVersion version of the language runtime, such as 25.0.3
 */
public record HelloFrame(int protocolVersion, long pid, String runtimeVersion)
        implements SandboxFrame {

    static final byte TYPE = 1;

    static HelloFrame read(FrameInput in) throws IOException {
        return new HelloFrame(in.readInt(), in.readLong(), in.readString());
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putInt(protocolVersion);
        out.putLong(pid);
        out.putString(runtimeVersion);
    }
}
