package dev.athanor.agent.testing;

import dev.athanor.api.Athanor;
import dev.athanor.api.IsolatedFunction1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Functions that look around. The class needs nothing but the JDK and the API to be loaded. */
public final class Prisoner {
    private static final int PATIENCE_MILLIS = 2_000;

    private Prisoner() {}

    /** Whether the file is there. */
    public static Boolean sees(String file) {
        return Files.exists(Path.of(file));
    }

    /** Keeps a text where the next call finds it. */
    public static String keeps(String text) throws IOException {
        Path file = Path.of("/data/kept");
        String before = Files.exists(file) ? Files.readString(file) : "";
        Files.writeString(file, before + text);
        return before;
    }

    /** Why the address, as host:port, cannot be connected to; empty: it can. */
    public static String reaches(String address) {
        String[] parts = address.split(":", 2);
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(parts[0], Integer.parseInt(parts[1])), PATIENCE_MILLIS);
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The names of the network's interfaces, as the function that this one calls has them. */
    public static String interfacesOfAnother(String unused) {
        IsolatedFunction1<String, String> inner =
                Athanor.isolated(Prisoner::interfaces, Athanor.network(Athanor.outbound()));
        return inner.call(unused);
    }

    /** The names of the network's interfaces. */
    public static String interfaces(String unused) throws IOException {
        return String.join(
                ",",
                Files.readAllLines(Path.of("/proc/net/dev")).stream()
                        .skip(2)
                        .map(line -> line.split(":", 2)[0].strip())
                        .sorted()
                        .toList());
    }
}
