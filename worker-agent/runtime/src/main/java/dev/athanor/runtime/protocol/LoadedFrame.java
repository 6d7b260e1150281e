package dev.athanor.runtime.protocol;

/** Says that the class path of a LOAD is in place and calls may come. */
public record LoadedFrame() implements SandboxFrame {

    static final byte TYPE = 2;

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {}
}
