package dev.athanor.environment.testing;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Hostile user code. It mentions nothing but the JDK. */
public final class Escapes {
    private static final int BLOCK = 1 << 20;

    private Escapes() {}

    /** Runs a command; returns its exit status. */
    public static Function<Integer> running(String... command) {
        return () -> {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor();
        };
    }

    /** Which of the files can be seen. */
    public static Function<List<String>> seeing(String... files) {
        return () -> {
            List<String> seen = new ArrayList<>();
            for (String file : files) {
                if (Files.exists(Path.of(file))) {
                    seen.add(file);
                }
            }
            return seen;
        };
    }

    /** Names of the variables that are found in the environment of any process. */
    public static Function<Set<String>> variablesOfAnyProcess() {
        return () -> {
            Set<String> names = new TreeSet<>();
            try (DirectoryStream<Path> processes =
                    Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                for (Path process : processes) {
                    addNames(process.resolve("environ"), names);
                }
            }
            return names;
        };
    }

    private static void addNames(Path environment, Set<String> names) {
        try {
            byte[] bytes = Files.readAllBytes(environment);
            for (String each : new String(bytes, StandardCharsets.UTF_8).split("\0", -1)) {
                names.add(each.split("=", 2)[0]);
            }
        } catch (IOException e) {
            // As it should be.
            return;
        }
    }

    /** Which of the addresses, each as host:port, can be connected to. */
    public static Function<List<String>> connecting(String... addresses) {
        return () -> {
            List<String> reached = new ArrayList<>();
            for (String address : addresses) {
                String[] parts = address.split(":", 2);
                try (Socket socket = new Socket()) {
                    socket.connect(
                            new InetSocketAddress(parts[0], Integer.parseInt(parts[1])), 2_000);
                    reached.add(address);
                } catch (IOException e) {
                    System.out.println(address + " " + e.getMessage());
                }
            }
            return reached;
        };
    }

    /** Whether somebody listens on a socket of the file system. */
    public static Function<Boolean> connectingTo(String socket) {
        return () -> {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                return channel.isConnected();
            } catch (IOException e) {
                return false;
            }
        };
    }

    /** Which of the files can be opened for writing, or made; harmless where one can. */
    public static Function<List<String>> changing(String... files) {
        return () -> {
            List<String> changed = new ArrayList<>();
            for (String file : files) {
                try (OutputStream out = new FileOutputStream(file, true)) {
                    out.flush();
                    changed.add(file);
                } catch (IOException e) {
                    System.out.println(e.getMessage());
                }
            }
            return changed;
        };
    }

    /** Writes until there is no room; returns how many MiB there was. */
    public static Function<Integer> fillingWith(String file) {
        return () -> {
            int blocks = 0;
            byte[] block = new byte[BLOCK];
            try (OutputStream out = new FileOutputStream(file)) {
                while (true) {
                    out.write(block);
                    blocks++;
                }
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
            Files.delete(Path.of(file));
            return blocks;
        };
    }

    /** Opens files until no more can be; returns how many there were. */
    public static Function<Integer> openingFiles() {
        return () -> {
            List<InputStream> open = new ArrayList<>();
            try {
                while (true) {
                    open.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException e) {
                int count = open.size();
                for (InputStream each : open) {
                    each.close();
                }
                return count;
            }
        };
    }

    /** Starts processes until no more can be; returns how many there were. */
    public static Function<Integer> startingProcesses(int most) {
        return () -> {
            int count = 0;
            try {
                while (count < most) {
                    new ProcessBuilder("sleep", "600").start();
                    count++;
                }
            } catch (IOException | OutOfMemoryError e) {
                System.out.println(e.getMessage());
            }
            return count;
        };
    }

    /** The first line of a file that begins so, without that. */
    public static Function<String> line(String file, String begin) {
        return () -> {
            for (String line : Files.readAllLines(Path.of(file))) {
                if (line.startsWith(begin)) {
                    return line.substring(begin.length()).strip();
                }
            }
            return "";
        };
    }

    /** Leaves a process behind, and goes on. */
    public static Function<Integer> leavingAProcess(String seconds) {
        return () -> running("/bin/sh", "-c", "setsid sleep " + seconds + " &").call();
    }
}
