package dev.athanor.runtime.protocol;

/** Takes back all calls that have not started; each is answered as rejected for that. */
public record WithdrawFrame() implements AgentFrame {

    static final byte TYPE = 20;

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {}
}
