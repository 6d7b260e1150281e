package dev.athanor.runtime.protocol;

import java.io.IOException;
import java.util.List;

/**
 * Gives a sandbox its class path.
 *
 * @param classPath absolute paths of jars and folders: the environment's first, then the bundles
 */
public record LoadFrame(List<String> classPath) implements AgentFrame {

    static final byte TYPE = 16;

    /** Copies the list. */
    public LoadFrame {
        classPath = List.copyOf(classPath);
    }

    static LoadFrame read(FrameInput in) throws IOException {
        return new LoadFrame(in.readList(FrameInput::readString));
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putInt(classPath.size());
        for (String entry : classPath) {
            out.putString(entry);
        }
    }
}
