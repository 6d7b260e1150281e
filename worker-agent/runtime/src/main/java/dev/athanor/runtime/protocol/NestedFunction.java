package dev.athanor.runtime.protocol;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A function that a function in a sandbox calls, and what it is to run with. Its code is that of
 * the sandbox. Times are in milliseconds.
 *
 * @param name for people
 * @param entryPoint what to call
 * @param machineType name of the machine type
 * @param requirements coordinates, in class path order
 * @param repositories each as {@code id::url}
 * @param checksums SHA-256 in hexadecimal digits by coordinate
 * @param secrets names of the secrets that it finds in its environment
 * @param rebuild true: build the environment anew
 * @param network whether it may reach anything outside of its sandbox
 * @param keepAliveMillis how long its sandbox stays hot after the call
 * @param timeoutMillis longest run
 * @param queueTimeoutMillis longest wait for room
 * @param startTimeoutMillis longest start of a sandbox
 * @param buildTimeoutMillis longest build of the environment
 * @param wantsLogs whether its lines are to come
 */
public record NestedFunction(
        String name,
        EntryPoint entryPoint,
        String machineType,
        List<String> requirements,
        List<String> repositories,
        Map<String, String> checksums,
        List<String> secrets,
        boolean rebuild,
        boolean network,
        long keepAliveMillis,
        long timeoutMillis,
        long queueTimeoutMillis,
        long startTimeoutMillis,
        long buildTimeoutMillis,
        boolean wantsLogs) {

    /** Copies the collections. */
    public NestedFunction {
        requirements = List.copyOf(requirements);
        repositories = List.copyOf(repositories);
        checksums = Map.copyOf(checksums);
        secrets = List.copyOf(secrets);
    }

    static NestedFunction read(FrameInput in) throws IOException {
        return new NestedFunction(
                in.readString(),
                new EntryPoint(in.readString(), in.readString(), in.readString(), in.readInt()),
                in.readString(),
                in.readList(FrameInput::readString),
                in.readList(FrameInput::readString),
                pairs(in.readList(FrameInput::readString)),
                in.readList(FrameInput::readString),
                in.readBoolean(),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readBoolean());
    }

    private static Map<String, String> pairs(List<String> flat) throws MalformedFrameException {
        if (flat.size() % 2 != 0) {
            throw new MalformedFrameException("a checksum without a coordinate, or the reverse");
        }
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < flat.size(); i += 2) {
            pairs.put(flat.get(i), flat.get(i + 1));
        }
        return pairs;
    }

    void write(FrameOutput out) {
        out.putString(name);
        out.putString(entryPoint.owner());
        out.putString(entryPoint.name());
        out.putString(entryPoint.descriptor());
        out.putInt(entryPoint.referenceKind());
        out.putString(machineType);
        out.putStrings(requirements);
        out.putStrings(repositories);
        out.putInt(2 * checksums.size());
        checksums.forEach((coordinate, checksum) -> {
            out.putString(coordinate);
            out.putString(checksum);
        });
        out.putStrings(secrets);
        out.putBoolean(rebuild);
        out.putBoolean(network);
        out.putLong(keepAliveMillis);
        out.putLong(timeoutMillis);
        out.putLong(queueTimeoutMillis);
        out.putLong(startTimeoutMillis);
        out.putLong(buildTimeoutMillis);
        out.putBoolean(wantsLogs);
    }
}
